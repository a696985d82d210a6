import { accountName, BROKER_REFUSALS, profileId, RejectReason, UnavailableDetail, utf8 } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { profile } from '../../../domain/testing/profiles.ts';
import { brokeredIsolation } from '../profiles/isolation.ts';
import { personOf } from './person.ts';
import { refused } from './refusals.ts';
import { hasVirtualDisplay } from './virtual-display.ts';

const kid = { id: profileId('0123456789ab'), name: 'Kids', account: accountName('kid') };

/** What ProfileReject carries of its message, in bytes (rule C11). */
const MESSAGE_MAX = 255;

describe('what the broker refuses, in words', () => {
  it.each(BROKER_REFUSALS)('P6.4: %s fits into a ProfileReject, with the longest of names', (refusal) => {
    const longest = { ...kid, name: 'ä'.repeat(32), account: accountName('a'.repeat(32)) };
    expect(utf8(refused(refusal, longest).reject.message).length).toBeLessThanOrEqual(MESSAGE_MAX);
  });

  it.each([
    ['NotMember', UnavailableDetail.LoginFailed, 'sudo usermod -aG usher-users kid'],
    ['Expired', UnavailableDetail.LoginFailed, 'sudo chage -E -1 kid'],
    ['NoAccount', UnavailableDetail.LoginFailed, 'sudo adduser kid'],
    ['NoHome', UnavailableDetail.LoginFailed, 'sudo mkhomedir_helper kid'],
    ['LoginRefused', UnavailableDetail.LoginFailed, 'journalctl -u usher-broker'],
    ['TooMany', UnavailableDetail.Busy, 'try again later'],
    ['StateUnusable', UnavailableDetail.NoBroker, 'journalctl -u usher-broker'],
  ] as const)('P6.5: %s says what mends it', (refusal, detail, words) => {
    const { reject } = refused(refusal, kid);
    expect(reject).toMatchObject({ reason: RejectReason.SessionUnavailable, detail });
    expect(reject.message).toContain(words);
  });

  it('P6.6: Occupied and a missing worker have reasons of their own', () => {
    expect(refused('Occupied', kid).reject.reason).toBe(RejectReason.Occupied);
    expect(refused('NoWorker', kid).reject.reason).toBe(RejectReason.NeedsIsolation);
  });

  it('C11: only what passes by itself says after how many seconds', () => {
    const waits = BROKER_REFUSALS.filter((refusal) => refused(refusal, kid).reject.retrySeconds > 0);
    expect(waits).toEqual(['TooMany', 'UnknownToken', 'StillOpen']);
  });
});

describe('the gate before it (requirement P6.4)', () => {
  const linux = profile({ display_name: 'Kids', os_account: { kind: 'linux', username: 'kid' } });
  const there = { isThere: true, problem: undefined };
  const away = { isThere: false, problem: 'there is no /run/usher-broker/broker.sock' };

  it.each([
    ['no broker', away, true, linux, RejectReason.SessionUnavailable, 'there is no /run/usher-broker/broker.sock'],
    ['no display', there, false, linux, RejectReason.NeedsIsolation, 'sudo apt install xvfb'],
    ['no broker and no display', away, false, linux, RejectReason.SessionUnavailable, 'usher-broker'],
    [
      'a name that the broker can’t say',
      there,
      true,
      profile({ os_account: { kind: 'linux', username: 'Kid' } }),
      RejectReason.NeedsIsolation,
      'small letters',
    ],
  ] as const)('P6.4: %s', (_case, broker, display, who, reason, words) => {
    const refusal = brokeredIsolation(broker, () => display).refusal(who);
    expect(refusal?.reason).toBe(reason);
    expect(refusal?.message).toContain(words);
  });

  it('P6.4: opens where there is all of it', () => {
    expect(brokeredIsolation(there, () => true).refusal(linux)).toBeUndefined();
  });

  it('P6.4: the operator’s account is nobody that a broker opens', () => {
    expect(personOf(profile())).toBeUndefined();
    expect(personOf(linux)).toEqual({ id: linux.id, name: 'Kids', account: 'kid' });
  });

  it('P6.4: an X server is looked for where a login finds it', () => {
    expect(hasVirtualDisplay(['/nonexistent'])).toBe(false);
  });
});
