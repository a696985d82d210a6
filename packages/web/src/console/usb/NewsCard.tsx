import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usbEventsQuery } from '../queries.ts';
import { idsOf, useDeviceName } from './words.ts';

/** What somebody standing at the machine has just done. */
const SHOWN = 8;

/** The latest devices that came and went, newest first; nothing where nothing has happened (U5.1). */
export function NewsCard() {
  const { t } = useTranslation('usb');
  const nameOf = useDeviceName();
  const { data } = useQuery(usbEventsQuery);
  if (data === undefined || data.count === 0) return null;
  return (
    <section className="card" aria-labelledby="news-title">
      <h2 id="news-title">{t('news.title')}</h2>
      <ul className="usb-news">
        {data.events
          .slice(-SHOWN)
          .reverse()
          .map(({ seq, kind, device }) => (
            <li key={seq}>
              <span>{nameOf(device)}</span>
              <span className="soft">
                <code translate="no">{idsOf(device)}</code> {t(`news.${kind}`)}
              </span>
            </li>
          ))}
      </ul>
    </section>
  );
}
