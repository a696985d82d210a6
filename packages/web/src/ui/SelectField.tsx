import type { ReactNode } from 'react';
import { FieldFrame, type FieldTexts } from './FieldFrame.tsx';

interface SelectFieldProps extends FieldTexts {
  readonly value: string;
  /** `<option>`s. */
  readonly children: ReactNode;
  readonly onChange: (value: string) => void;
}

/** One of a few, opened by the system's own list. */
export function SelectField({ label, hint, problem, value, children, onChange }: SelectFieldProps) {
  return (
    <FieldFrame label={label} hint={hint} problem={problem}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          {children}
        </select>
      )}
    </FieldFrame>
  );
}
