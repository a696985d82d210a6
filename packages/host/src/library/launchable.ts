import { commandOf, type ProfileInput, scopeLibrary } from '@usher/domain';
import { CodedError } from '@usher/protocol';
import type { Library } from './library.ts';

/** A title that a session is to begin with. */
export interface Launch {
  /** Qualified by its store: `steam:570`. */
  readonly title: string;
  /** The program and its words. */
  readonly command: readonly string[];
}

/**
 * What starts the title that a viewer named, looked up in exactly what the profile sees (requirement P4.2, rule C20). The same words whether
 * there is no such title or it isn't in the scope.
 */
export async function launchable(
  library: Library,
  profile: Pick<ProfileInput, 'library_scope' | 'custom_entries'>,
  title: string,
): Promise<Launch> {
  const entry = scopeLibrary(await library.titles(), profile).find(({ id }) => id === title);
  if (entry === undefined) throw new CodedError('session.title-not-found', 'this profile has no such title');
  const command = entry.launch && commandOf(entry.launch);
  if (command === undefined) throw new CodedError('session.title-failed', 'this title says no program that this host can start');
  return { title, command };
}
