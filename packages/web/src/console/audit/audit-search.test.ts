import { describe, expect, it } from 'vitest';
import { type AuditSearch, filterOf, readAuditSearch } from './audit-search.ts';

const DEVICE = `device:${'ab'.repeat(32)}`;
const WHOLE: AuditSearch = {
  event: 'profile.created',
  principal: DEVICE,
  profile: '0123456789ab',
  since: '2026-11-22T14:05',
  until: '2026-11-22T14:06',
};

describe('what an address says about the audit', () => {
  it('A1: is read whole', () => {
    expect(readAuditSearch({ ...WHOLE, page: 3 })).toEqual(WHOLE);
  });

  it.each([
    ['event', 'profile.Created'],
    ['event', 'a b'],
    ['principal', 'me'],
    ['principal', 'device:12'],
    ['profile', '../x'],
    ['since', 'yesterday'],
    ['until', 20261122],
  ])('A1: is left out where it can’t be meant: %s=%s', (name, value) => {
    expect(readAuditSearch({ [name]: value })).toEqual({});
  });

  it('A1: is asked of the host in Unix seconds, both minutes whole', () => {
    const since = new Date('2026-11-22T14:05').getTime() / 1000;
    expect(filterOf(WHOLE)).toEqual({ event: 'profile.created', principal: DEVICE, profile: '0123456789ab', since, until: since + 119 });
  });

  it('A1: asks for everything where it says nothing, or a day that doesn’t exist', () => {
    expect(filterOf({})).toEqual({});
    expect(filterOf({ since: '2026-13-45T99:99' })).toEqual({});
  });
});
