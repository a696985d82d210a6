import { type ReactNode, type SyntheticEvent, useEffect, useId, useRef } from 'react';
import './Dialog.css';

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** The answers. The safe one comes first, and has the focus. */
  readonly actions: ReactNode;
  readonly onClose: () => void;
}

/** A question that must be answered first. The browser keeps the focus inside and gives it back afterwards; Escape is "no". */
export function Dialog({ title, children, actions, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element?.open === false) element.showModal();
    // The browser would choose the first control of the question.
    element?.querySelector<HTMLElement>('.dialog-actions button')?.focus();
    return () => element?.close();
  }, []);
  const cancel = (event: SyntheticEvent) => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onCancel={cancel}>
      <h2 id={id}>{title}</h2>
      <div className="dialog-body">{children}</div>
      <div className="dialog-actions">{actions}</div>
    </dialog>
  );
}
