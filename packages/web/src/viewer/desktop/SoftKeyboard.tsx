import { type InputEvent, type RefObject, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { typedText } from '../input/typed-text.ts';
import type { DesktopSession } from '../link.ts';

/** What the field starts with, so that a touch keyboard has something to delete. */
const BLANKS = ' '.repeat(16);
/** Past this the field starts anew: it keeps no more of what was typed than corrections need. */
const FIELD_MAX = 80;

interface SoftKeyboardProps {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly session: Pick<DesktopSession, 'sendInput'>;
  readonly onDone: () => void;
}

/** A field that nobody sees: having the focus it brings up the touch keyboard, and what is typed into it is typed into the session. */
export function SoftKeyboard({ field, session, onDone }: SoftKeyboardProps) {
  const { t } = useTranslation('viewer');
  const before = useRef(BLANKS);
  const startAnew = (element: HTMLTextAreaElement) => {
    element.value = BLANKS;
    before.current = BLANKS;
    element.setSelectionRange(BLANKS.length, BLANKS.length);
  };
  const typed = (event: InputEvent<HTMLTextAreaElement>) => {
    const element = event.currentTarget;
    session.sendInput(typedText(before.current, element.value));
    before.current = element.value;
    const composing = 'isComposing' in event.nativeEvent && event.nativeEvent.isComposing === true;
    const spent = element.value.length > FIELD_MAX || element.value.length < BLANKS.length || element.value.endsWith('\n');
    if (spent && !composing) startAnew(element);
  };
  return (
    <textarea
      ref={field}
      className="soft-keyboard"
      aria-label={t('desktop.typing')}
      tabIndex={-1}
      rows={1}
      autoCapitalize="off"
      autoComplete="off"
      autoCorrect="off"
      spellCheck={false}
      defaultValue={BLANKS}
      onFocus={(event) => startAnew(event.currentTarget)}
      onBlur={(event) => startAnew(event.currentTarget)}
      onInput={typed}
      onKeyDown={(event) => event.key === 'Escape' && onDone()}
    />
  );
}
