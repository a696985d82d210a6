import { describe, expect, it } from 'vitest';
import { TvBindings } from './tv-bindings.ts';

const HOME = 'https://home.test:9939';
const AWAY = 'https://away.test:9939';

function storage(text: string | null = null) {
  let kept = text;
  return {
    getItem: () => kept,
    setItem: (_key: string, value: string) => {
      kept = value;
    },
  };
}

describe('which profile a user of the television had last', () => {
  it('P9.5: is kept for each user and host, also after the page was loaded anew', () => {
    const kept = storage();
    const bindings = new TvBindings(kept);
    bindings.bind('ada', HOME, 'operator');
    bindings.bind('kim', HOME, 'a1b2c3d4e5f6');
    bindings.bind('ada', AWAY, '0123456789ab');
    bindings.bind('ada', HOME, 'ffffffffffff');
    const again = new TvBindings(kept);
    expect([again.profileOf('ada', HOME), again.profileOf('kim', HOME), again.profileOf('ada', AWAY)]).toEqual([
      'ffffffffffff',
      'a1b2c3d4e5f6',
      '0123456789ab',
    ]);
    expect(again.profileOf('kim', AWAY)).toBeUndefined();
  });

  it('P9.3: goes when the host is forgotten, and only that host’s', () => {
    const bindings = new TvBindings(storage());
    bindings.bind('ada', HOME, 'operator');
    bindings.bind('ada', AWAY, 'operator');
    bindings.forgetHost(HOME);
    expect([bindings.profileOf('ada', HOME), bindings.profileOf('ada', AWAY)]).toEqual([undefined, 'operator']);
  });

  it.each(['no json', '{}', '{"list":[{"user":1}]}', '{"list":7}'])('P9.5: %s is as good as nothing', (text) => {
    const bindings = new TvBindings(storage(text));
    expect(bindings.profileOf('ada', HOME)).toBeUndefined();
    bindings.bind('ada', HOME, 'operator');
    expect(bindings.profileOf('ada', HOME)).toBe('operator');
  });

  it('P9.5: storage that the browser refuses costs only the memory', () => {
    const refused = () => {
      throw new DOMException('no', 'SecurityError');
    };
    const bindings = new TvBindings({ getItem: refused, setItem: refused });
    bindings.bind('ada', HOME, 'operator');
    expect(bindings.profileOf('ada', HOME)).toBeUndefined();
  });

  it('P9.5: past 64 the one that was used longest ago is dropped', () => {
    const bindings = new TvBindings(storage());
    for (let number = 0; number < 65; number += 1) bindings.bind(`user ${number}`, HOME, 'operator');
    expect([bindings.profileOf('user 0', HOME), bindings.profileOf('user 64', HOME)]).toEqual([undefined, 'operator']);
  });
});
