import { useTranslation } from 'react-i18next';
import './HostWords.css';

/**
 * A sentence as the host said it, which is English whatever the page speaks, and marked as that: it names what no text of the page can, such
 * as a file, a program or a group. Never alone: what happened and what to do stand beside it in the person's language.
 */
export function HostWords({ words }: { readonly words: string }) {
  const { t } = useTranslation('common');
  return (
    <p className="host-words">
      {t('hostSays')} <q lang="en">{words}</q>
    </p>
  );
}
