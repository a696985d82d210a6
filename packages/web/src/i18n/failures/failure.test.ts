import { CodedError, ERRORS, RejectReason, UnavailableDetail } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../wording.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { failureText, remedyFor, toFailure } from './failure.ts';
import { REJECT_REMEDIES, REMEDIES, UNAVAILABLE_REMEDIES } from './remedies.ts';
import type { FailureText } from './texts.ts';

const TABLES = [
  ['en', en],
  ['de', de],
] as const;

describe('the texts of every refusal', () => {
  it.each(TABLES)('P9.2: there is one in "%s" for each code of the error table, and none too many', (_language, texts) => {
    expect(Object.keys(texts.codes).sort()).toEqual(Object.keys(ERRORS).sort());
    expect(Object.keys(REMEDIES).sort()).toEqual(Object.keys(ERRORS).sort());
  });

  it.each(TABLES)('P9.2: there is one in "%s" for each reason of a ProfileReject, and none too many', (_language, texts) => {
    expect(Object.keys(texts.rejects).sort()).toEqual(Object.keys(RejectReason).sort());
    expect(Object.keys(REJECT_REMEDIES).sort()).toEqual(Object.keys(RejectReason).sort());
  });

  it.each(TABLES)('P9.2: there is one in "%s" for each detail of SessionUnavailable, and none too many', (_language, texts) => {
    const details = Object.keys(UnavailableDetail).filter((name) => name !== 'None');
    expect(Object.keys(texts.unavailable).sort()).toEqual(details.sort());
    expect(Object.keys(UNAVAILABLE_REMEDIES).sort()).toEqual(details.sort());
  });

  it.each(TABLES)('P9.2: each in "%s" says what happened, why, and the one thing to do', (_language, texts) => {
    const { codes, rejects, unavailable } = texts;
    const all: readonly [string, FailureText][] = [codes, rejects, unavailable].flatMap((table) => Object.entries(table));
    for (const [name, text] of all) {
      expect.soft(text.title, `${name}.title`).toMatch(/^\S.{4,79}[^.\s]$/u);
      expect.soft(text.why, `${name}.why`).toMatch(/^\S.{9,199}\.$/u);
      expect.soft(text.todo, `${name}.todo`).toMatch(/^\S.{4,199}[.:]$/u);
    }
  });

  it.each(TABLES)('P9.2: a text in "%s" announces a command exactly where there is one', (_language, texts) => {
    for (const [name, text] of Object.entries(texts.codes)) {
      expect
        .soft(text.todo.endsWith(':'), name)
        .toBe(remedyFor({ code: name as keyof typeof ERRORS, reject: undefined }).command !== undefined); // keys of the table compared above
    }
    for (const [name, text] of Object.entries(texts.rejects)) {
      expect.soft(text.todo.endsWith(':'), name).toBe(REJECT_REMEDIES[name as keyof typeof RejectReason].command !== undefined); // compared above
    }
    for (const [name, text] of Object.entries(texts.unavailable)) {
      const { command } = UNAVAILABLE_REMEDIES[name as keyof typeof UNAVAILABLE_REMEDIES]; // compared above
      expect.soft(text.todo.endsWith(':'), name).toBe(command !== undefined);
    }
  });

  it('P8.4: German is translated, not copied', () => {
    for (const [name, text] of Object.entries(de.codes)) {
      expect.soft(text.why, name).not.toBe(en.codes[name as keyof typeof ERRORS].why); // keys of the table compared above
    }
  });
});

describe('a failure as a page shows it', () => {
  it('P9.2: keeps code, words and waiting time of what was thrown', () => {
    const failure = toFailure(new CodedError('pairing.cooling-down', 'wait', { retrySeconds: 2 }));
    expect(failure).toEqual({ code: 'pairing.cooling-down', reject: undefined, message: 'wait', retrySeconds: 2 });
  });

  it('P9.2: says what keeps a session from being opened, where the host does', () => {
    const rejected = (detail: UnavailableDetail) =>
      toFailure(Object.assign(new CodedError('profile.rejected', 'no'), { reject: RejectReason.SessionUnavailable, detail }));
    expect(failureText(rejected(UnavailableDetail.NoBroker), 'en')).toBe(en.unavailable.NoBroker);
    expect(failureText(rejected(UnavailableDetail.None), 'en')).toBe(en.rejects.SessionUnavailable);
    expect(remedyFor(rejected(UnavailableDetail.NeedsConsoleSwitch)).command).toBeUndefined();
  });

  it('P9.2: names the USB device in the command that lends it, where the page knows which, and nothing that is none', () => {
    const denied = toFailure(new CodedError('usb.denied', 'no'));
    expect(remedyFor({ ...denied, usbDevice: '1209:0001' }).command).toBe('usher usb allow 1209:0001');
    for (const usbDevice of [undefined, '', '1209:0001;reboot', '$(id):0001']) {
      expect(remedyFor({ ...denied, ...(usbDevice === undefined ? {} : { usbDevice }) }).command).toBe('usher usb allow VID:PID');
    }
    expect(remedyFor({ ...toFailure(new CodedError('usb.no-permission', 'no')), usbDevice: '1209:0001' }).command).toBe(
      'usher usb udev-rule',
    );
  });

  it('P9.2: tells a wrong passcode from a missing one', () => {
    const rejected = (reject: number) => Object.assign(new CodedError('profile.rejected', 'no'), { reject });
    const [wrong, missing] = [toFailure(rejected(RejectReason.WrongPasscode)), toFailure(rejected(RejectReason.PasscodeRequired))];
    expect([wrong.reject, missing.reject]).toEqual(['WrongPasscode', 'PasscodeRequired']);
    for (const language of LANGUAGES) expect(failureText(wrong, language)).not.toEqual(failureText(missing, language));
  });

  it.each([
    ['a string', 'boom'],
    ['an error without a code', new Error('secret path')],
    ['nothing', undefined],
  ])('P9.2: %s is a bug of ours and shows nothing of itself', (_name, thrown) => {
    expect(toFailure(thrown)).toEqual({ code: 'internal', reject: undefined, message: '', retrySeconds: undefined });
  });
});
