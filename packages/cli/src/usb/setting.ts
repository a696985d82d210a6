import { CodedError, type UsbConfigChange } from '@usher/sdk/node';
import type { Command } from 'commander';

export type Setting = Extract<UsbConfigChange, { readonly action: 'set-configuration' | 'set-interface' }>;

/** What a device is set to before it is used. */
export interface SettingOptions {
  readonly configuration?: string;
  readonly alternate?: readonly string[];
}

export function withSetting(command: Command): Command {
  return command
    .option('--configuration <value>', 'first have the host choose this configuration (bConfigurationValue, 0 to 255)')
    .option('--alternate <interface:setting...>', 'then this alternate setting of an interface, such as 1:2');
}

/** What has to be changed, in its order. */
export function settingOf({ configuration, alternate = [] }: SettingOptions): readonly Setting[] {
  return [
    ...(configuration === undefined ? [] : [{ action: 'set-configuration', value: byte(configuration) } as const]),
    ...alternate.map((pair) => {
      const [interfaceNumber, setting, ...more] = pair.split(':');
      if (interfaceNumber === undefined || setting === undefined || more.length > 0) {
        throw new CodedError('config.invalid', 'an alternate setting is INTERFACE:SETTING');
      }
      return { action: 'set-interface', interfaceNumber: byte(interfaceNumber), alternate: byte(setting) } as const;
    }),
  ];
}

/** As the standard request that says the same (USB 2.0 §9.4): the API has no other way, and the host has its system do it all the same. */
export function requestOf(change: Setting) {
  return change.action === 'set-configuration'
    ? { requestType: 0x00, request: 9, value: change.value }
    : { requestType: 0x01, request: 11, value: change.alternate, index: change.interfaceNumber };
}

function byte(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 255) throw new CodedError('config.invalid', `${text} is no number from 0 to 255`);
  return value;
}
