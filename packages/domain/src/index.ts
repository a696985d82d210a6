export {
  type AuditEntry,
  type AuditPrincipal,
  type AuditRecord,
  CHAIN_START,
  type ChainHead,
  formatEntry,
  parseEntry,
  sealEntry,
} from '@usher/protocol';
export {
  type Acl,
  type AclDecision,
  type AclRule,
  type AclSubject,
  couldBeAllowed,
  DENY_ALL,
  decideAcl,
  usbId,
  withAnswer,
  withoutRules,
  withRule,
  withWord,
} from './acl.ts';
export { ACL_RULES_MAX, formatAcl, parseAcl, readAclRule, readAclTarget, ruleDocument } from './acl-document.ts';
export { type InterfaceClass, usbRisks } from './acl-risks.ts';
export { type AuditFault, type AuditVerdict, ChainCheck, PRUNED_EVENT } from './audit-check.ts';
export { BackOff } from './back-off.ts';
export { COMMAND_WORDS_MAX, commandOf, joinCommand } from './command-line.ts';
export { cleanDeviceName, DEVICE_NAME_MAX } from './device-name.ts';
export { InputBudget } from './input-budget.ts';
export { KNOCK_LIFETIME_MS, KNOCKS_MAX, type KnockingDevice, KnockList, type WaitingKnock } from './knock-list.ts';
export { byTitle, type GameEntry, scopeLibrary } from './library-scope.ts';
export { clampMode, isPlausibleMode, MODE_LIMITS, sameMode } from './mode.ts';
export { Occupancy, type Occupant, type SeatVerdict } from './occupancy.ts';
export { CEREMONY_SPACING_MS, type PairingAttempt, PairingGate, PIN_LIFETIME_MS } from './pairing-gate.ts';
export { checkPasscode } from './passcode.ts';
export { type GateVerdict, PasscodeGate } from './passcode-gate.ts';
export {
  type Artwork,
  accountKey,
  type CredentialRef,
  type CustomEntry,
  type LaunchSpec,
  type LibraryScope,
  type OsAccount,
  type PasscodeHash,
  type Profile,
  type ProfileInput,
  type ProfileRecord,
  profileRecord,
  type SessionDefaults,
  sameAccount,
} from './profile.ts';
export { PROFILE_DEVICES_MAX, readProfileInput } from './profile-document.ts';
export { pickableProfiles, type Resolution, type ResolvedVia, resolve } from './resolve.ts';
export {
  EMPTY_ROSTER,
  homeOf,
  OPERATOR_PROFILE,
  PROFILES_MAX,
  placeOf,
  type Roster,
  rosterOf,
  withDevice,
  withoutDevice,
  withoutProfile,
  withProfile,
} from './roster.ts';
export { limitKbps, limitMode } from './session-limits.ts';
