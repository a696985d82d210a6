import type { InputHTMLAttributes, Ref } from 'react';
import { FieldFrame, type FieldTexts } from './FieldFrame.tsx';

interface TextFieldProps extends FieldTexts, Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id'> {
  readonly ref?: Ref<HTMLInputElement>;
}

export function TextField({ label, hint, problem, ...rest }: TextFieldProps) {
  return (
    <FieldFrame label={label} hint={hint} problem={problem}>
      {(control) => <input {...rest} {...control} />}
    </FieldFrame>
  );
}
