import { connect, openFileIdentity, passcodeBytes, Reader } from '@usher/sdk/node';

/**
 * Connects again and again, each wish in its turn, and prints the milliseconds of each to Welcome: `[[…], […]]`. A process of its own, because
 * the WebRTC library keeps one alive. Arguments: address, identity file, rounds, and the wishes as JSON.
 */
const [url = '', key = '', rounds = '1', wishes = '{}'] = process.argv.slice(2);
const asked = Reader.json(wishes, 'wishes').list('wishes', 8, (wish) => ({
  profile: wish.string('profile'),
  passcode: wish.optionalString('passcode'),
}));
const identity = await openFileIdentity(key);
const times = asked.map(() => [] as number[]);
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [index, { profile, passcode }] of asked.entries()) {
    const before = performance.now();
    const session = await connect({
      ...{ url, identity, profile, deviceName: 'bench', mode: { width: 1280, height: 720, refreshHz: 60 } },
      ...(passcode === undefined ? {} : { passcode: passcodeBytes(passcode) }),
    });
    times[index]?.push(performance.now() - before);
    await session[Symbol.asyncDispose]();
  }
}
process.stdout.write(`${JSON.stringify({ times })}\n`);
process.exit(0);
