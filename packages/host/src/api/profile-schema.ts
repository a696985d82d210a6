import { z } from 'zod';

/** The API's data about profiles (profiles design §9.3), with the field names of `profiles.json`. */

const fingerprint = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'Lowercase hex SHA-256 of a device certificate' });
export const storedProfileId = z.string().regex(/^[0-9a-f]{12}$/);
const unixSeconds = z.int().min(0);
/** Optional fields may also be null: other programs write what they don't have that way. */
const optionalText = z.string().nullish();

const osAccount = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('operator') }),
    z.object({ kind: z.literal('linux'), username: z.string(), uid: z.int().min(0).optional() }),
    z.object({
      kind: z.literal('windows'),
      account_name: z.string(),
      sid: z.string().optional(),
      credential: z
        .discriminatedUnion('source', [
          z.object({ source: z.literal('none') }),
          z.object({ source: z.literal('credential_manager'), target: z.string() }),
          z.object({ source: z.literal('lsa_secret'), key: z.string() }),
          z.object({ source: z.literal('dpapi_blob'), path: z.string() }),
        ])
        .meta({ description: 'Where Windows keeps the secret; never the secret' }),
    }),
  ])
  .meta({ id: 'OsAccount' });

const libraryScope = z
  .discriminatedUnion('mode', [
    z.object({ mode: z.literal('all') }),
    z.object({ mode: z.literal('allow'), ids: z.array(z.string()) }),
    z.object({ mode: z.literal('deny'), ids: z.array(z.string()) }),
  ])
  .meta({ id: 'LibraryScope', description: 'Which titles the profile sees: curation, not a sandbox' });

const artwork = z
  .object({
    portrait: z.string().optional(),
    hero: z.string().optional(),
    logo: z.string().optional(),
    header: z.string().optional(),
  })
  .meta({ id: 'Artwork' });
const launchSpec = z
  .object({ kind: z.string().meta({ description: '`command` or `steam_appid`' }), value: z.string() })
  .meta({ id: 'LaunchSpec' });
const customEntry = z
  .object({ id: z.string(), title: z.string(), art: artwork.default({}), launch: launchSpec.optional() })
  .meta({ id: 'CustomEntry' });

const sessionDefaults = z
  .object({
    max_width: z.int().optional(),
    max_height: z.int().optional(),
    max_refresh_hz: z.int().optional(),
    max_bitrate_kbps: z.int().optional(),
    compositor: z.string().optional(),
    gamepad: z.string().optional(),
  })
  .meta({ id: 'SessionDefaults' });

/** Only the shape: what may stand in a field is the roster's own rule, and its refusal names the field. */
export const profileInput = z
  .strictObject({
    display_name: z.string(),
    accent: optionalText,
    avatar: optionalText,
    os_account: osAccount,
    assigned_fingerprints: z.array(z.string()).optional(),
    require_passcode_even_when_assigned: z.boolean().optional(),
    allow_shared_view: z.boolean().optional(),
    allow_takeover: z.boolean().optional(),
    tvos_user_ids: z.array(z.string()).optional(),
    library_scope: libraryScope.optional(),
    custom_entries: z.array(customEntry).optional(),
    session_defaults: sessionDefaults.optional(),
  })
  .meta({ id: 'Profile' });

export const profileAdmin = z
  .object({
    id: storedProfileId,
    display_name: z.string(),
    accent: z.string().optional(),
    avatar: z.string().optional(),
    os_account: osAccount,
    assigned_fingerprints: z.array(fingerprint),
    has_passcode: z.boolean(),
    require_passcode_even_when_assigned: z.boolean(),
    allow_shared_view: z.boolean(),
    allow_takeover: z.boolean(),
    tvos_user_ids: z.array(z.string()),
    library_scope: libraryScope,
    custom_entries: z.array(customEntry),
    session_defaults: sessionDefaults,
    is_default: z.boolean(),
    created_unix: unixSeconds,
    updated_unix: unixSeconds,
    revision: z.string().meta({ description: 'Another one with every change; quoted, it is the ETag, and what If-Match wants' }),
  })
  .meta({ id: 'ProfileAdmin' });
export const profileAdminList = z.array(profileAdmin);
export const profilePath = z.object({ id: storedProfileId });
/** Loose, because every request has headers of its own. */
export const profileCondition = z.looseObject({
  'if-match': z
    .string()
    .optional()
    .meta({ description: 'Only if the profile is still what was read: its ETag. Else profile.changed, and nothing has changed' }),
});
export const profileDevicePath = z.object({ fp: fingerprint });
export const profileRemoval = z.object({
  running: z
    .enum(['end', 'refuse'])
    .default('refuse')
    .meta({ description: 'What happens where somebody is in: the sessions end, or the removal is refused' }),
});

export const passcodeChange = z
  .strictObject({ passcode: z.string().min(1).max(256).nullable().meta({ description: 'null clears it' }) })
  .meta({ id: 'SetPasscode' });
/** The longest that Windows takes. */
const WINDOWS_TEXT_MAX = 256;
export const windowsCredential = z
  .strictObject({
    account_name: z.string().min(1).max(WINDOWS_TEXT_MAX).meta({ description: '`DOMAIN\\user`, or `.\\user` of the machine itself' }),
    password: z.string().min(1).max(WINDOWS_TEXT_MAX),
    passcode: z
      .string()
      .min(1)
      .max(256)
      .nullish()
      .meta({ description: "Wraps the password: without the profile's passcode nobody reads it" }),
  })
  .meta({ id: 'WindowsCredential' });
export const deviceAssignment = z.strictObject({ fingerprint }).meta({ id: 'AssignDevice' });
export const defaultChange = z
  .strictObject({
    profile_id: z
      .union([storedProfileId, z.literal('operator')])
      .nullable()
      .meta({ description: "null, or operator: the operator's own desktop" }),
  })
  .meta({ id: 'SetDefault' });

export const profilePublicList = z.array(
  z
    .object({
      id: z.string(),
      display_name: z.string(),
      accent: z.string().optional(),
      avatar: z.string().optional(),
      requires_passcode: z.boolean(),
      assigned: z.boolean(),
    })
    .meta({ id: 'ProfilePublic' }),
);
export const rosterQuery = z.object({
  fingerprint: fingerprint.optional().meta({ description: 'Whose roster; the operator must say, a device sees its own in any case' }),
});

export const osAccountList = z.array(
  z
    .object({
      username: z.string(),
      uid: z.int().min(0).optional(),
      sid: z.string().optional(),
      full_name: z.string().optional(),
      platform: z.enum(['linux', 'windows']),
      is_operator: z.boolean(),
      in_use: z.boolean().meta({ description: 'A profile has it already' }),
      eligible: z.boolean().optional().meta({ description: 'Whether root lets it be opened; absent while no broker answers' }),
      remedy: z.string().optional().meta({ description: 'The command that makes it eligible' }),
    })
    .meta({ id: 'OsAccountCandidate' }),
);

export const gameList = z.array(
  z.object({ id: z.string(), store: z.string(), title: z.string(), art: artwork, launch: launchSpec.optional() }).meta({ id: 'GameEntry' }),
);

export const sessionAccount = osAccount;
