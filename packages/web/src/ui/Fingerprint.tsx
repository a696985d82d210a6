import { useTranslation } from 'react-i18next';
import './Fingerprint.css';

/** The first eight digits in two groups: short enough to read out, and to compare on two screens. */
export function ShortFingerprint({ value }: { readonly value: string }) {
  return (
    <code className="fingerprint-short" translate="no">
      {value.slice(0, 4)} {value.slice(4, 8)}
    </code>
  );
}

/** The short form, and the whole one for whoever wants to be sure. */
export function Fingerprint({ value }: { readonly value: string }) {
  const { t } = useTranslation('common');
  return (
    <details className="fingerprint">
      <summary title={t('showWhole')}>
        <ShortFingerprint value={value} />
      </summary>
      <code className="fingerprint-whole" translate="no">
        {value.match(/.{1,4}/g)?.join(' ')}
      </code>
    </details>
  );
}
