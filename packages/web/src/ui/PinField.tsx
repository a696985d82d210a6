import { useEffect, useId, useRef } from 'react';
import { PIN_DIGITS, pinDigits } from './pin-digits.ts';
import './Field.css';

interface PinFieldProps {
  readonly label: string;
  readonly value: string;
  readonly problem?: string | undefined;
  readonly onChange: (digits: string) => void;
}

/** Six boxes for six digits: they fill as one types, and take a whole PIN that is pasted. Takes the focus when it appears. */
export function PinField({ label, value, problem, onChange }: PinFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="pin">
        <input
          ref={input}
          id={id}
          className="pin-input"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoCorrect="off"
          spellCheck={false}
          value={value}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-problem`}
          onChange={(event) => onChange(pinDigits(event.target.value))}
          onSelect={(event) => event.currentTarget.setSelectionRange(value.length, value.length)}
        />
        <div className="pin-boxes" aria-hidden="true">
          {Array.from({ length: PIN_DIGITS }, (_, at) => at).map((at) => (
            <span key={at} className={`pin-box${at === Math.min(value.length, PIN_DIGITS - 1) ? ' pin-box-next' : ''}`}>
              {value[at]}
            </span>
          ))}
        </div>
      </div>
      <p id={`${id}-problem`} className="field-problem" aria-live="polite">
        {problem}
      </p>
    </div>
  );
}
