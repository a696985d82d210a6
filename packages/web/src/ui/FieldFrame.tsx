import { type ReactNode, useId } from 'react';
import './Field.css';

/** What a control of a form can be told; `TextField` and its kin share it. */
export interface FieldTexts {
  readonly label: string;
  /** Says beforehand what belongs in the field. */
  readonly hint?: string | undefined;
  /** Says what is wrong with what stands there. */
  readonly problem?: string | undefined;
}

/** What the control itself carries, so that its texts are read out with it. */
interface ControlAttributes {
  readonly id: string;
  readonly className: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

interface FieldFrameProps extends FieldTexts {
  readonly children: (control: ControlAttributes) => ReactNode;
}

/** Label above, hint and problem below. */
export function FieldFrame({ label, hint, problem, children }: FieldFrameProps) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, problem === undefined ? '' : `${id}-problem`].join(' ').trim();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        className: 'field-input',
        'aria-invalid': problem !== undefined,
        'aria-describedby': described === '' ? undefined : described,
      })}
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
