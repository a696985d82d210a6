import { useId } from 'react';
import './Field.css';

interface RadioFieldProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly hint?: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few that are all worth seeing. */
export function RadioField<Value extends string>({ label, value, options, onChange }: RadioFieldProps<Value>) {
  const id = useId();
  return (
    <fieldset className="radios">
      <legend>{label}</legend>
      {options.map((option) => (
        <div key={option.value} className="tick">
          <input
            type="radio"
            name={id}
            id={`${id}-${option.value}`}
            checked={option.value === value}
            aria-describedby={option.hint === undefined ? undefined : `${id}-${option.value}-hint`}
            onChange={() => onChange(option.value)}
          />
          <label htmlFor={`${id}-${option.value}`}>{option.label}</label>
          {option.hint !== undefined && (
            <p id={`${id}-${option.value}-hint`} className="field-hint">
              {option.hint}
            </p>
          )}
        </div>
      ))}
    </fieldset>
  );
}
