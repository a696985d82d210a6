import { useTranslation } from 'react-i18next';
import { type Failure, failureText, remedyFor } from '../i18n/failures/failure.ts';
import { Command } from './Command.tsx';
import { HostWords } from './HostWords.tsx';
import { Icon } from './Icon.tsx';
import './FailureNote.css';

interface FailureNoteProps {
  readonly failure: Pick<Failure, 'code' | 'reject' | 'detail' | 'usbDevice'>;
  /** What the host says of it, where that names what our text can't. */
  readonly hostWords?: string;
}

/** A failure in the middle of a page: what happened, why, and the one thing to do. Read out when it appears. */
export function FailureNote({ failure, hostWords }: FailureNoteProps) {
  const { i18n } = useTranslation();
  const text = failureText(failure, i18n.language);
  const { command } = remedyFor(failure);
  return (
    <div className="failure-note" role="alert">
      <Icon name="warning" size={22} />
      <div>
        <strong>{text.title}</strong>
        <p>{text.why}</p>
        {hostWords !== undefined && <HostWords words={hostWords} />}
        <p>{text.todo}</p>
        {command !== undefined && <Command text={command} />}
      </div>
    </div>
  );
}
