import { USB_AUDIT_EVENTS } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { auditTexts } from '../../i18n/console-audit.ts';
import { AREAS } from './event-name.ts';

describe('the words for events', () => {
  it.each(USB_AUDIT_EVENTS)('A1: there are some for %s, as the host writes it down', (event) => {
    expect(Object.keys(auditTexts.en.event)).toContain(event.replace('_', '.').replaceAll('_', '-'));
  });

  it('A1: each event can be chosen, below its area', () => {
    expect(AREAS.flatMap(({ events }) => events).sort()).toEqual(Object.keys(auditTexts.en.event).sort());
    for (const { area, events } of AREAS) expect.soft(events, area).not.toEqual([]);
  });
});
