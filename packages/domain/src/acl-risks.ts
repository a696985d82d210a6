import type { UsbRisk } from '@usher/protocol';

/** What an interface says it is (USB 2.0 §9.6.5). */
export interface InterfaceClass {
  readonly interfaceClass: number;
  readonly interfaceSubclass: number;
  readonly interfaceProtocol: number;
}

/** A device as it was opened; `interfaces` is undefined where its descriptors make no sense. */
export interface DeviceClasses {
  readonly vendorId: string;
  readonly productId: string;
  readonly interfaces: readonly InterfaceClass[] | undefined;
}

const HID = 0x03;
const HidProtocol = { Keyboard: 1, Mouse: 2 } as const;
/** The classes that browsers keep from pages (WebUSB's protected classes); here they are asked about. */
const RISK_OF_CLASS: ReadonlyMap<number, UsbRisk> = new Map([
  [0x01, 'audio'],
  [0x08, 'storage'],
  [0x0b, 'smart-card'],
  [0x0e, 'video'],
  [0x10, 'video'],
  [0xe0, 'wireless'],
]);

/**
 * Security keys that say they are input devices or nothing in particular, from WebUSB's blocklist: whoever speaks to one can ask it to
 * sign for any site, because the browser's check of the site is left out. All of a vendor where it makes nothing else.
 */
const SECURITY_KEYS: ReadonlySet<string> = new Set([
  ...['096e:0850', '096e:0852', '096e:0853', '096e:0854', '096e:0856', '096e:0858', '096e:085a', '096e:085b', '096e:0880'],
  ...['09c3:0023', '10c4:8acf', '18d1:5026', '1a44:00bb', '1d50:60fc', '1e0d:f1ae', '1e0d:f1d0', '1ea8:f025', '20a0:4287'],
  ...['24dc:0101', '2581:f1d0', '2abe:1002', '2ccf:0880'],
]);
const YUBICO = '1050';

/** Why the operator is asked before this device is lent by default; none for a device that can do little harm (design §5). */
export function usbRisks({ vendorId, productId, interfaces }: DeviceClasses): readonly UsbRisk[] {
  if (interfaces === undefined) return ['unreadable-descriptors'];
  const risks = new Set<UsbRisk>();
  if (vendorId === YUBICO || SECURITY_KEYS.has(`${vendorId}:${productId}`)) risks.add('security-key');
  for (const one of interfaces) {
    const risk = one.interfaceClass === HID ? riskOfHid(one) : RISK_OF_CLASS.get(one.interfaceClass);
    if (risk !== undefined) risks.add(risk);
  }
  return [...risks];
}

/** One that names no boot protocol may be a game pad, a keyboard all the same, or a security key of a maker that isn't listed. */
function riskOfHid({ interfaceProtocol }: InterfaceClass): UsbRisk {
  if (interfaceProtocol === HidProtocol.Keyboard) return 'keyboard';
  return interfaceProtocol === HidProtocol.Mouse ? 'mouse' : 'input-device';
}
