import { fingerprint } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { auditEntry } from '../../testing/fake-profile-services.ts';
import type { AuditQuery } from '../profile-services.ts';
import { isWanted } from './audit-query.ts';

const LAPTOP = fingerprint('ab'.repeat(32));
const OTHER = fingerprint('cd'.repeat(32));
const KIDS = auditEntry().profile ?? '';

describe('which entries of the audit are wanted', () => {
  it.each<[string, Omit<AuditQuery, 'limit'>, boolean]>([
    ['everything, without a wish', {}, true],
    ['what came before another entry', { before: 8 }, true],
    ['not that entry itself', { before: 7 }, false],
    ['one event', { event: 'passcode.attempt' }, true],
    ['a whole area', { event: 'passcode' }, true],
    ['no area by its first letters alone', { event: 'pass' }, false],
    ['no other event', { event: 'passcode.ceiling' }, false],
    ['one device', { principal: `device:${LAPTOP}` }, true],
    ['any device', { principal: 'device' }, true],
    ['no other device', { principal: `device:${OTHER}` }, false],
    ['not the operator', { principal: 'operator' }, false],
    ['one profile', { profile: KIDS }, true],
    ['no other profile', { profile: 'operator' }, false],
    ['from its own second on', { since: 500 }, true],
    ['not from the next second on', { since: 501 }, false],
    ['until its own second', { until: 500 }, true],
    ['not until the second before', { until: 499 }, false],
    ['what meets every wish', { event: 'passcode', principal: 'device', profile: KIDS, since: 1, until: 900, before: 9 }, true],
    ['nothing that misses one wish', { event: 'passcode', principal: 'host', profile: KIDS }, false],
  ])('requirement A1: %s', (_what, wishes, expected) => {
    const entry = auditEntry({ seq: 7, unix: 500, event: 'passcode.attempt', principal: `device:${LAPTOP}` });
    expect(isWanted(entry, { limit: 10, ...wishes })).toBe(expected);
  });
});
