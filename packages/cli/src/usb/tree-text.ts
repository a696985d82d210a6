import type { DescriptorTree } from '@usher/sdk/node';
import { printable } from '../columns.ts';

/** A tree of descriptors for a terminal. */
export function treeText({ device, configuration, problem }: DescriptorTree): string {
  const lines = [
    `Device ${device.vendorId}:${device.productId} ${names(device.manufacturer, device.product)}`.trimEnd(),
    `  USB ${device.usbVersion}, ${device.className}, release ${device.deviceVersion}, ${device.configurations} configuration(s)`,
    ...(device.serial === undefined ? [] : [`  serial number ${device.serial}`]),
  ];
  if (configuration === undefined)
    return [...lines, `  Its configuration can't be read: ${problem ?? 'no reason given'}`].map(printable).join('\n');
  const power = [
    configuration.selfPowered ? 'own power' : `up to ${configuration.maxPowerMilliamps} mA`,
    ...(configuration.remoteWakeup ? ['wakes'] : []),
  ];
  lines.push(`  Configuration ${configuration.value} ${names(configuration.name)}(${power.join(', ')})`);
  for (const one of configuration.interfaces) {
    const codes = [one.interfaceClass, one.interfaceSubclass, one.interfaceProtocol].map(hex2).join('/');
    const alternate = one.alternate === 0 ? '' : `, alternate setting ${one.alternate}`;
    lines.push(`    Interface ${one.number}${alternate} ${names(one.name)}(${one.className}, ${codes})`);
    for (const extra of one.extra) lines.push(`      Class descriptor ${extra}`);
    for (const endpoint of one.endpoints) {
      const { address, type, direction, maxPacketSize, interval } = endpoint;
      lines.push(
        `      Endpoint 0x${hex2(address)} ${type} ${direction}, ${maxPacketSize} bytes${interval === 0 ? '' : `, interval ${interval}`}`,
      );
    }
  }
  return lines.map(printable).join('\n');
}

/** What a device calls itself, with a space behind it where it does. */
function names(...texts: readonly (string | undefined)[]): string {
  const named = texts.filter((text) => text !== undefined && text !== '').join(' ');
  return named === '' ? '' : `“${named}” `;
}

function hex2(value: number): string {
  return value.toString(16).padStart(2, '0');
}
