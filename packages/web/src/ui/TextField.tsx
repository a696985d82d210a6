import { type InputHTMLAttributes, type Ref, useId } from 'react';
import './Field.css';

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id'> {
  readonly label: string;
  /** Says beforehand what belongs in the field. */
  readonly hint?: string | undefined;
  /** Says what is wrong with what stands there. */
  readonly problem?: string | undefined;
  readonly ref?: Ref<HTMLInputElement>;
}

export function TextField({ label, hint, problem, ...rest }: TextFieldProps) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, problem === undefined ? '' : `${id}-problem`].join(' ').trim();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        className="field-input"
        aria-invalid={problem !== undefined}
        aria-describedby={described === '' ? undefined : described}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      <p id={`${id}-problem`} className="field-problem" aria-live="polite">
        {problem}
      </p>
    </div>
  );
}
