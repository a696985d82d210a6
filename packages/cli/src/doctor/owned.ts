import { wordOf } from '../own-host.ts';
import type { Check } from './check.ts';
import type { Machine } from './machine.ts';

/** A directory or file that must be its owner's alone; undefined where it isn't there. */
export async function checkOwned(machine: Machine, name: string, path: string, directory: boolean): Promise<Check | undefined> {
  const broken = (detail: string, mend: string): Check => ({ name, ok: false, stops: true, detail, mend });
  try {
    const found = await machine.inspect(path);
    if (found === undefined) return undefined;
    if (found.directory !== directory) return broken(`${path} is ${directory ? 'no directory' : 'a directory'}`, `move ${path} away`);
    if (machine.uid !== undefined && found.uid !== machine.uid) {
      return broken(`${path} belongs to uid ${found.uid}`, `sudo chown -R ${machine.uid} '${path}'`);
    }
    if ((found.mode & 0o077) !== 0) return broken(`others may get at ${path}`, `chmod ${directory ? 700 : 600} '${path}'`);
    return { name, ok: true, stops: true, detail: path };
  } catch (error) {
    return broken(
      `${path} can't be looked at (${wordOf(error)})`,
      `run it as the user that the host runs as, or name another place with --home`,
    );
  }
}
