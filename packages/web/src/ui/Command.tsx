import { useId } from 'react';
import { CopyButton } from './CopyButton.tsx';
import './Command.css';

/** A command to run on the host, with the button that copies it. */
export function Command({ text }: { readonly text: string }) {
  const id = useId();
  return (
    <div className="command">
      <code id={id}>{text}</code>
      <CopyButton text={text} shownBy={id} />
    </div>
  );
}
