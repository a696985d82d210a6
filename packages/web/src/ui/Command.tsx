import { CopyButton } from './CopyButton.tsx';
import './Command.css';

/** A command to run on the host, with the button that copies it. */
export function Command({ text }: { readonly text: string }) {
  return (
    <div className="command">
      <code>{text}</code>
      <CopyButton text={text} what={text} />
    </div>
  );
}
