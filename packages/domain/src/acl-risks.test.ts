import { describe, expect, it } from 'vitest';
import { type InterfaceClass, usbRisks } from './acl-risks.ts';

function risksOf(interfaces: readonly InterfaceClass[] | undefined, ids = { vendorId: '1209', productId: '0001' }) {
  return usbRisks({ ...ids, interfaces });
}

function of(interfaceClass: number, interfaceProtocol = 0): InterfaceClass {
  return { interfaceClass, interfaceSubclass: 0, interfaceProtocol };
}

describe('design §5: what is asked about before it is lent by default', () => {
  it.each([
    ['a serial board', [of(2), of(10)], []],
    ['a printer', [of(7)], []],
    ['a vendor’s own interface', [of(0xff)], []],
    ['a keyboard', [of(3, 1)], ['keyboard']],
    ['a mouse', [of(3, 2)], ['mouse']],
    ['another input device', [of(3)], ['input-device']],
    ['a stick', [of(8, 0x50)], ['storage']],
    ['a sound card', [of(1)], ['audio']],
    ['a camera', [of(0x0e)], ['video']],
    ['an audio/video device', [of(0x10)], ['video']],
    ['a card reader', [of(0x0b)], ['smart-card']],
    ['a radio', [of(0xe0)], ['wireless']],
    ['a board that is also a keyboard', [of(2), of(10), of(3, 1)], ['keyboard']],
    ['two of a kind', [of(8), of(8)], ['storage']],
    ['nothing at all', [], []],
    ['something that can’t be read', undefined, ['unreadable-descriptors']],
  ] as const)('U3.3: %s', (_name, interfaces, risks) => {
    expect(risksOf(interfaces)).toEqual(risks);
  });

  it.each(['1050:0407', '1050:ffff', '18d1:5026', '20a0:4287'])('U3.3: %s is a security key, whatever it says it is', (ids) => {
    const [vendorId = '', productId = ''] = ids.split(':');
    expect(risksOf([of(3), of(0x0b)], { vendorId, productId })).toEqual(['security-key', 'input-device', 'smart-card']);
  });
});
