import type { HostApi, ProfileAdmin } from '@usher/sdk/api';
import { CodedError } from '@usher/sdk/node';
import { printable } from '../columns.ts';

/** By its id, or by a name that only one has. */
export async function profileNamed(api: HostApi, wanted: string): Promise<ProfileAdmin> {
  const profiles = await api.profiles();
  const byId = profiles.find((profile) => profile.id === wanted);
  if (byId !== undefined) return byId;
  const [profile, ...others] = profiles.filter(({ display_name }) => display_name.toLowerCase() === wanted.toLowerCase());
  if (profile === undefined) throw new CodedError('api.not-found', `there is no profile ${printable(wanted)}; see: usher profiles`);
  if (others.length > 0) throw new CodedError('config.invalid', `${others.length + 1} profiles have that name; give the id`);
  return profile;
}
