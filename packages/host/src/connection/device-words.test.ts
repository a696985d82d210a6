import { CodedError, decodeSessionEnded, ERRORS, type ErrorCode } from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { settled } from '../../testing/fake-clock.ts';
import { device, Story } from '../../testing/story.ts';

const STRANGER = device(1);
const PATH = '/home/ada/.config/usher/paired.json';
const STORE_CODES = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => code.startsWith('store.')); // keys of a literal: exactly ErrorCode

let story: Story;
beforeEach(() => {
  story = new Story();
});

describe('a device that is told why it has to leave', () => {
  it.each(STORE_CODES)('SEC-16: hears of %s whom to ask, and not where the host’s files are; the log has that', async (code) => {
    const viewer = story.viewer(STRANGER);
    await viewer.connect();
    viewer.connection.end(new CodedError(code, `${PATH} can't be saved`));
    const told = decodeSessionEnded(await viewer.hears());
    expect(told.wire).toBe(ERRORS[code].wire);
    expect(told.message).toMatch(/^the host can’t .*; ask its operator$/);
    expect(story.logged.filter((line) => line.includes(PATH))).toHaveLength(1);
  });

  it('SEC-16: hears the same over signalling, where there is no channel yet', async () => {
    const viewer = story.viewer(STRANGER);
    viewer.connection.end(new CodedError('store.write-failed', `${PATH} can't be saved`));
    await settled();
    const [refused] = viewer.socket.of('refused');
    expect(refused).toMatchObject({ code: 'store.write-failed', message: 'the host can’t save anything right now; ask its operator' });
    expect(JSON.stringify(viewer.socket.received)).not.toContain(PATH);
  });

  it('P5.4: hears everything else as it was said', async () => {
    const viewer = story.viewer(STRANGER);
    await viewer.connect();
    viewer.connection.end(new CodedError('device.denied', 'the operator said no'));
    expect(decodeSessionEnded(await viewer.hears()).message).toBe('the operator said no');
  });
});
