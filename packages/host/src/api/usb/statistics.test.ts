import { LOOPBACK_VIEWER } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../testing/fake-clock.ts';
import { FakeProfiles } from '../../../testing/fake-profile-services.ts';
import {
  FakePairedDevices,
  FakeSessions,
  FakeUsbAgent,
  LAPTOP,
  pairedDevice,
  session,
  TELEVISION,
} from '../../../testing/fake-services.ts';
import { AgentQuestions } from './agent-questions.ts';
import { UsbStatistics } from './statistics.ts';

const CLAIM = {
  ...{ claim: 3, viewer: LAPTOP, held: true, protocol: 'v2', vendor_id: '1050', product_id: '0407', serial: null, product: 'Key' },
  ...{ bus_location: 'bus=1 addr=2', open_ms: 1000, transfers: 5, bytes_in: 1000, bytes_out: 0, errors: 0, in_flight: 1 },
};
const LINK = {
  link: 1,
  viewer: LAPTOP,
  viewer_name: 'Laptop',
  profile: 'operator',
  bytes_from_viewer: 9,
  bytes_to_viewer: 8,
  waiting_frames: 2,
};

/** Statistics over an agent whose answer each step replaces. */
function measuring(sessions = new FakeSessions([session({ lossFraction: 0.25 })])) {
  const clock = new FakeClock();
  const answers = { stats: { claims: [CLAIM], links: [LINK], prompts: 1 } as unknown };
  const usb = new FakeUsbAgent();
  usb.request = () => Promise.resolve(answers.stats);
  const paired = new FakePairedDevices([pairedDevice({ fingerprint: TELEVISION, name: 'Television' })]);
  const statistics = new UsbStatistics({ agent: new AgentQuestions(usb), sessions, paired, profiles: new FakeProfiles(), clock });
  return {
    async after(milliseconds: number, changes: object = {}, links: readonly object[] = [LINK]) {
      await clock.advance(milliseconds);
      answers.stats = { claims: [{ ...CLAIM, ...changes }], links, prompts: 1 };
      return statistics.now();
    },
  };
}

describe('U5.5: who moves how much', () => {
  it('U5.5: with names, and the line that the viewer’s session measures', async () => {
    const { claims, viewers, prompts } = await measuring().after(0);
    expect(claims).toEqual([
      { ...CLAIM, viewer_name: 'Laptop', profile: 'operator', profile_name: 'Host', bytes_in_per_second: 0, bytes_out_per_second: 0 },
    ]);
    const { link: _link, ...row } = LINK;
    expect(viewers).toEqual([{ ...row, profile_name: 'Host', rtt_ms: 1.5, loss: 0.25 }]);
    expect(prompts).toBe(1);
  });

  it('U5.5: rates are counted between two looks; two at nearly the same time see the same', async () => {
    const stage = measuring();
    await stage.after(0);
    const rates = async (milliseconds: number, changes: object) => {
      const [claim] = (await stage.after(milliseconds, changes)).claims;
      return [claim?.bytes_in, claim?.bytes_in_per_second, claim?.bytes_out_per_second];
    };
    expect(await rates(2000, { bytes_in: 5000, bytes_out: 100, open_ms: 3000 })).toEqual([5000, 2000, 50]);
    expect(await rates(100, { bytes_in: 9000, bytes_out: 100, open_ms: 3100 })).toEqual([9000, 2000, 50]);
    expect(await rates(900, { bytes_in: 9000, bytes_out: 100, open_ms: 4000 })).toEqual([9000, 4000, 0]);
  });

  it('U5.5: a number that another claim has now begins anew', async () => {
    const stage = measuring();
    await stage.after(0, { open_ms: 60_000, bytes_in: 1_000_000 });
    const [claim] = (await stage.after(1000, { open_ms: 10, bytes_in: 2 })).claims;
    expect([claim?.bytes_in, claim?.bytes_in_per_second]).toEqual([2, 0]);
  });

  it.each([
    ['this API', LOOPBACK_VIEWER, { viewer_name: '', profile: 'operator', profile_name: 'Host' }],
    ['a viewer that is away', TELEVISION, { viewer_name: 'Television', profile: null, profile_name: '' }],
    ['one that was removed meanwhile', 'cc'.repeat(32), { viewer_name: '', profile: null, profile_name: '' }],
  ])('U5.5: a claim of %s', async (_who, viewer, expected) => {
    expect((await measuring(new FakeSessions()).after(0, { viewer, held: false })).claims).toMatchObject([expected]);
  });
});
