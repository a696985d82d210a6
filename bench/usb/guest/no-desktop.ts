import { decodeHostMessage, EnvelopeDecoder, encodeWorkerMessage, envelope, MAX_RELAY_MESSAGE, type WorkerMessage } from '@usher/protocol';

// Stands where the worker is in a machine that has no X server: it says that its desktop is there and shows nothing of it.

const say = (message: WorkerMessage) => process.stdout.write(envelope(encodeWorkerMessage(message)));
const decoder = new EnvelopeDecoder(MAX_RELAY_MESSAGE);
say({ type: 'hello', account: 'visitor', lacks: [] });
process.stdin.on('data', (chunk: Uint8Array) => {
  for (const bytes of decoder.push(chunk)) {
    const message = decodeHostMessage(bytes);
    if (message.type === 'start') say({ type: 'ready', mode: message.mode, display: ':0', audio: false });
    if (message.type === 'resize') say({ type: 'resized', accepted: true, mode: message.mode });
  }
});
process.stdin.once('end', () => process.exit(0));
