import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { NativeViewer } from '../../testing/native-viewer.ts';
import { type ContractOffer, type ContractPair, describePeer } from '../../testing/peer-contract.ts';
import { type HostCertificate, openHostCertificate } from '../tls/host-certificate.ts';
import { NodeDataChannelPeers } from './node-datachannel-peer.ts';

let directory: string;
let host: HostCertificate;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-peer-'));
  host = await openHostCertificate(directory);
});

afterAll(() => rm(directory, { recursive: true }));

function peers(): NodeDataChannelPeers {
  return new NodeDataChannelPeers({ certificatePem: host.certificate, keyPem: host.key, iceServers: [], bindAddress: '127.0.0.1' });
}

async function makePair({ purpose, video, audio }: ContractOffer): Promise<ContractPair> {
  const viewer = new NativeViewer({ video, audio });
  const offerSdp = await viewer.offer();
  const peer = peers().create({ purpose });
  return {
    peer,
    viewer: viewer.fingerprint,
    offerSdp,
    connect: async () => {
      const connected = new Promise<boolean>((resolve) =>
        peer.onState((state) => state !== 'connecting' && resolve(state === 'connected')),
      );
      await viewer.connect(peer, offerSdp);
      return (await connected) && (await viewer.settled) === 'connected';
    },
    open: (label) => viewer.open(label),
    leave: () => viewer.close(),
    dispose: () => {
      peer.close();
      viewer.close();
    },
  };
}

describePeer('a peer on node-datachannel', makePair);
