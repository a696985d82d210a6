import { ConnectError, RejectReason, UnavailableDetail } from '@usher/sdk';
import { describe, expect, it } from 'vitest';
import { type EntryAttempt, enterProfile } from './enter-profile.ts';
import type { DesktopSession, Device, EnterOptions, PasscodeMemory } from './link.ts';

const KIDS = 'a1b2c3d4e5f6';

class FakeMemory implements PasscodeMemory {
  readonly kept = new Map<string, string>();

  profiles() {
    return Promise.resolve([...this.kept.keys()]);
  }

  recall(profile: string) {
    const text = this.kept.get(profile);
    return Promise.resolve(text === undefined ? undefined : new TextEncoder().encode(text));
  }

  remember(profile: string, passcode: Uint8Array) {
    this.kept.set(profile, new TextDecoder().decode(passcode));
    return Promise.resolve();
  }

  forget(profile: string) {
    this.kept.delete(profile);
    return Promise.resolve();
  }
}

interface Visit {
  readonly memory: FakeMemory | undefined;
  /** What the host was offered. */
  readonly offered: (string | undefined)[];
  readonly given: Uint8Array[];
  readonly device: Pick<Device, 'passcodes' | 'enter'>;
}

function host(refusal?: Error, memory: FakeMemory | undefined = new FakeMemory()): Visit {
  const offered: (string | undefined)[] = [];
  const given: Uint8Array[] = [];
  const enter = ({ passcode }: EnterOptions): Promise<DesktopSession> => {
    offered.push(passcode && new TextDecoder().decode(passcode));
    if (passcode !== undefined) given.push(passcode);
    // Nothing of a session is looked at here.
    return refusal === undefined ? Promise.resolve({} as DesktopSession) : Promise.reject(refusal);
  };
  return { memory, offered, given, device: { passcodes: memory, enter } };
}

function attempt(overrides: Partial<EntryAttempt> = {}): EntryAttempt {
  return {
    deviceName: 'tablet',
    profile: KIDS,
    mode: { width: 1280, height: 720, refreshHz: 60 },
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onKnock: () => undefined,
    remember: false,
    ...overrides,
  };
}

const typed = () => new TextEncoder().encode('2468');
const rejected = (reason: RejectReason, detail: UnavailableDetail = UnavailableDetail.None) =>
  new ConnectError('profile.rejected', 'no', { reject: reason, detail });

describe('remember on this device', () => {
  it('P9.3: is off: a right passcode is gone afterwards', async () => {
    const visit = host();
    const passcode = typed();
    await enterProfile(visit.device, attempt({ passcode }));
    expect(visit.offered).toEqual(['2468']);
    expect(visit.memory?.kept.size).toBe(0);
    expect([...passcode]).toEqual([0, 0, 0, 0]);
  });

  it('P9.3: keeps a passcode that let the person in, and the next visit asks for nothing', async () => {
    const visit = host();
    await enterProfile(visit.device, attempt({ passcode: typed(), remember: true }));
    await enterProfile(visit.device, attempt());
    expect(visit.offered).toEqual(['2468', '2468']);
    expect(visit.given.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  });

  it.each([
    ['an account that can’t be opened', rejected(RejectReason.SessionUnavailable, UnavailableDetail.NoBroker), true],
    ['a seat that is taken', rejected(RejectReason.Occupied), true],
    ['a host that can’t keep it apart', rejected(RejectReason.NeedsIsolation), true],
    ['a host that is too busy to look', rejected(RejectReason.SessionUnavailable, UnavailableDetail.Busy), false],
    ['a locked profile', rejected(RejectReason.LockedOut), false],
    ['a wrong one', rejected(RejectReason.WrongPasscode), false],
    ['a lost connection', new ConnectError('session.transport', 'gone'), false],
  ] as const)('P9.3: %s: kept = %s', async (_what, error, kept) => {
    const visit = host(error);
    const passcode = typed();
    await expect(enterProfile(visit.device, attempt({ passcode, remember: true }))).rejects.toBe(error);
    expect(visit.memory?.kept.get(KIDS)).toBe(kept ? '2468' : undefined);
    expect([...passcode]).toEqual([0, 0, 0, 0]);
  });

  it('P9.3: a remembered passcode that is wrong is forgotten; any other refusal leaves it', async () => {
    const memory = new FakeMemory();
    memory.kept.set(KIDS, '1357');
    await expect(enterProfile(host(rejected(RejectReason.LockedOut), memory).device, attempt())).rejects.toThrow();
    expect(memory.kept.has(KIDS)).toBe(true);
    await expect(enterProfile(host(rejected(RejectReason.WrongPasscode), memory).device, attempt())).rejects.toThrow();
    expect(memory.kept.has(KIDS)).toBe(false);
  });

  it('P9.3: what is typed goes before what is remembered, and another profile has nothing', async () => {
    const visit = host();
    visit.memory?.kept.set(KIDS, '1357');
    await enterProfile(visit.device, attempt({ passcode: typed() }));
    await enterProfile(visit.device, attempt({ profile: 'operator' }));
    const { profile: _none, ...anywhere } = attempt();
    await enterProfile(visit.device, anywhere);
    expect(visit.offered).toEqual(['2468', undefined, undefined]);
  });

  it('P9.5: a television has no memory, whatever it is asked', async () => {
    const visit = { ...host(), memory: undefined };
    const television = { ...visit.device, passcodes: undefined };
    await enterProfile(television, attempt({ passcode: typed(), remember: true }));
    await enterProfile(television, attempt());
    expect(visit.offered).toEqual(['2468', undefined]);
  });

  it('P9.3: a browser that refuses its storage costs the memory, not the visit', async () => {
    const refuse = () => Promise.reject(new Error('storage is full'));
    const visit = host();
    const broken = { ...visit.device, passcodes: { profiles: refuse, recall: refuse, remember: refuse, forget: refuse } };
    await enterProfile(broken, attempt({ passcode: typed(), remember: true }));
    await enterProfile(broken, attempt());
    expect(visit.offered).toEqual(['2468', undefined]);
  });
});
