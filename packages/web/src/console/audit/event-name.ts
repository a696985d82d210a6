import { useTranslation } from 'react-i18next';
import { auditTexts } from '../../i18n/console-audit.ts';
import { chooseLanguage } from '../../i18n/wording.ts';

type Event = keyof typeof auditTexts.en.event;
type Area = keyof typeof auditTexts.en.areas;

/** Events that the console has words for; a newer host may know more. */
const EVENTS = Object.keys(auditTexts.en.event) as readonly Event[]; // keys of a literal

/** Kinds of events, each with those that have words: what stands before the point in their names. */
export const AREAS: readonly { readonly area: Area; readonly events: readonly Event[] }[] = (
  Object.keys(auditTexts.en.areas) as readonly Area[]
) // keys of a literal
  .map((area) => ({ area, events: EVENTS.filter((event) => event.startsWith(`${area}.`)) }));

/** An event in the person's words; as the host calls it where the console has none. Not by `t`: a point in a key means a table below it. */
export function useEventName(): (event: string) => string {
  const { i18n } = useTranslation();
  const words = auditTexts[chooseLanguage([i18n.language])].event;
  return (event) => {
    const known = EVENTS.find((name) => name === event);
    return known === undefined ? event : words[known];
  };
}
