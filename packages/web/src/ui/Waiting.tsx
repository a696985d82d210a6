import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAfter } from './timing.ts';
import './Waiting.css';

/** After this long a wait is longer than usual, and says so. */
const LONG_MS = 6000;

/** A wait with words. Give it a `key` that changes with the words where each step may take its own time. */
export function Waiting({ words }: { readonly words: string }) {
  const { t } = useTranslation('common');
  const [long, setLong] = useState(false);
  useAfter(LONG_MS, () => setLong(true));
  return (
    <div className="waiting" role="status">
      <span className="waiting-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <p className="waiting-words">{words}</p>
      <p className="waiting-long">{long && t('stillWorking')}</p>
    </div>
  );
}
