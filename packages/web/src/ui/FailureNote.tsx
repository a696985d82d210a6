import { useTranslation } from 'react-i18next';
import { type Failure, failureText, remedyFor } from '../i18n/failures/failure.ts';
import { Command } from './Command.tsx';
import { Icon } from './Icon.tsx';
import './FailureNote.css';

/** A failure in the middle of a page: what happened, why, and the one thing to do. Read out when it appears. */
export function FailureNote({ failure }: { readonly failure: Failure }) {
  const { i18n } = useTranslation();
  const text = failureText(failure, i18n.language);
  const { command } = remedyFor(failure);
  return (
    <div className="failure-note" role="alert">
      <Icon name="warning" size={22} />
      <div>
        <strong>{text.title}</strong>
        <p>{text.why}</p>
        <p>{text.todo}</p>
        {command !== undefined && <Command text={command} />}
      </div>
    </div>
  );
}
