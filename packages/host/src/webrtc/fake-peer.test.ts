import { fingerprint } from '@usher/protocol';
import { FakePeer, fakeOffer } from '../../testing/fake-peer.ts';
import { type ContractPair, describePeer } from '../../testing/peer-contract.ts';

const VIEWER = fingerprint('11'.repeat(32));

describePeer('a peer in memory', async ({ purpose, video, audio }): Promise<ContractPair> => {
  const peer = new FakePeer(purpose);
  const offerSdp = fakeOffer(VIEWER, { video, audio });
  return {
    peer,
    viewer: VIEWER,
    offerSdp,
    connect: async () => {
      await peer.answer(offerSdp);
      peer.connect(VIEWER);
      return true;
    },
    open: async (label) => peer.open(label),
    leave: () => peer.leave(),
    dispose: () => peer.close(),
  };
});
