import type { TextareaHTMLAttributes } from 'react';
import { FieldFrame, type FieldTexts } from './FieldFrame.tsx';

interface TextAreaProps extends FieldTexts, Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className' | 'id'> {}

/** Several lines; those who use it say how many are seen. */
export function TextArea({ label, hint, problem, ...rest }: TextAreaProps) {
  return (
    <FieldFrame label={label} hint={hint} problem={problem}>
      {(control) => <textarea {...rest} {...control} />}
    </FieldFrame>
  );
}
