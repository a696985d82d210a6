export { AbuseMeter } from './abuse.ts';
export type { HotplugEvent, UsbBackend, UsbDeviceDescription, UsbDeviceHandle, UsbOpenQuery } from './backend.ts';
export { chooseDevice } from './choose-device.ts';
export type { Claim, ClaimHolder, ClaimStatistics } from './claim.ts';
export { ClaimTable, type ClaimTableOptions } from './claims.ts';
export type { ControlTransfer, EndpointTransfer, Subscription, UsbClaimHandle } from './client-claim.ts';
export type { UsbSubscription } from './client-subscription.ts';
export { type Clock, platformClock } from './clock.ts';
export { UsbClient, type UsbClientOptions } from './consumer.ts';
export { CREDIT_WINDOW, Credits } from './credits.ts';
export {
  type ConfigurationDescriptor,
  type DeviceDescriptor,
  type EndpointDescriptor,
  type EndpointType,
  endpointsOf,
  type InterfaceDescriptor,
  parseConfiguration,
  parseDeviceDescriptor,
  parseStringDescriptor,
  UsbClass,
} from './descriptors.ts';
export { DEVICE_GONE } from './device-opener.ts';
export { type Loopback, openLoopback } from './loopback.ts';
export type { AccessDecision, AccessPolicy, OpenedDevice, UsbAuditEntry } from './policy.ts';
export { type ProviderOptions, UsbProvider } from './provider.ts';
export { type RawDescriptors, readDescriptors } from './read-descriptors.ts';
export { RunningTransfers } from './running-transfers.ts';
