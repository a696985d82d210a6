import { describe, expect, it } from 'vitest';
import { faceOf } from './face.ts';

describe('what an avatar shows', () => {
  it.each([
    ['two initials of a long name', 'Ada King Lovelace', undefined, { text: 'AL' }],
    ['one of a single word', 'ada', undefined, { text: 'A' }],
    ['nothing half of a letter that is several code points', 'é́mile', undefined, { text: 'É́' }],
    ['an emoji, whole', 'Ada', '👩‍🚀', { text: '👩‍🚀' }],
    ['two letters of one’s own', 'Ada', 'X9', { text: 'X9' }],
    ['a picture that is part of the profile', 'Ada', 'data:image/png;base64,AAAA', { picture: 'data:image/png;base64,AAAA' }],
    ['no picture of another server', 'Ada', 'https://example.org/ada.png', { text: 'A' }],
    ['no name of a picture that nobody has', 'Ada', 'cat', { text: 'A' }],
    ['nothing of an empty text', 'Ada', '', { text: 'A' }],
  ])('P8.4: %s', (_what, name, avatar, expected) => {
    expect(faceOf(name, avatar)).toEqual(expected);
  });
});
