import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { useAfter } from './timing.ts';

/** How long the button says that it worked. */
const COPIED_MS = 2000;

interface CopyButtonProps {
  readonly text: string;
  /** Id of the element that shows the text. */
  readonly shownBy: string;
}

/** Copies `text`. Says so only once the clipboard has it. */
export function CopyButton({ text, shownBy }: CopyButtonProps) {
  const { t } = useTranslation('common');
  const [copied, setCopied] = useState(false);
  useAfter(copied ? COPIED_MS : undefined, () => setCopied(false));
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false), // the browser refused: the text beside the button can still be selected
    );
  return (
    <Button look="plain" icon={<Icon name={copied ? 'check' : 'copy'} />} aria-describedby={shownBy} onClick={copy}>
      {copied ? t('copied') : t('copy')}
    </Button>
  );
}
