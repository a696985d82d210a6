import { createInstance } from 'i18next';
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { initReactI18next } from 'react-i18next';
import { describe, expect, it } from 'vitest';
import { failureText } from '../../i18n/failures/failure.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { texts } from '../texts.ts';
import { Problems } from './Problems.tsx';

const SAID = '/home/ada/.config/usher/paired.json: not JSON';

/** The page in German, as its markup. */
function inGerman(page: ReactElement): string {
  const instance = createInstance();
  void instance.use(initReactI18next).init({ resources: texts, lng: 'de', initAsync: false, interpolation: { escapeValue: false } });
  return renderToStaticMarkup(page);
}

describe('what the host says of a failure', () => {
  it.each([
    ['a problem of the host', <Problems key="1" problems={[{ code: 'store.unreadable', detail: SAID }]} />],
    ['a note in a page', <FailureNote key="2" failure={{ code: 'store.unreadable', reject: undefined }} hostWords={SAID} />],
  ])('P8.4, P9.2: %s stands in German with its reason and remedy; the host’s English is marked as the host’s', (_what, page) => {
    const markup = inGerman(page);
    const { title, why, todo } = failureText({ code: 'store.unreadable', reject: undefined }, 'de');
    for (const words of [title, why, todo]) expect(markup).toContain(words);
    expect(markup).toContain(`Der Host sagt: <q lang="en">${SAID}</q>`);
    expect(markup.replace(/<q lang="en">.*?<\/q>/g, '')).not.toContain(SAID);
  });

  it('P9.2: a code of a newer host has a text all the same', () => {
    const markup = inGerman(<Problems problems={[{ code: 'area.unheard-of', detail: SAID }]} />);
    expect(markup).toContain(failureText({ code: 'internal', reject: undefined }, 'de').title);
  });
});
