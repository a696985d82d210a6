import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Time for programs to end by themselves, before they are killed. */
const GRACE_MS = 600;
const LOOK_EVERY_MS = 20;

/**
 * Ends every process whose environment holds `variable=value`: programs of a session that left their parent (`nohup`, daemons)
 * are found by it too. The value must be one that only this session's programs were given.
 */
export async function endProcessesWith(variable: string, value: string): Promise<void> {
  const marker = `${variable}=${value}`;
  let found = await processesWith(marker);
  for (const pid of found) signal(pid, 'SIGTERM');
  for (let waited = 0; found.length > 0 && waited < GRACE_MS; waited += LOOK_EVERY_MS) {
    await delay(LOOK_EVERY_MS);
    found = await processesWith(marker);
  }
  for (const pid of found) signal(pid, 'SIGKILL');
}

async function processesWith(marker: string): Promise<readonly number[]> {
  const names = await readdir('/proc');
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const marked = await Promise.all(pids.map(async (pid) => pid !== process.pid && (await environmentOf(pid)).includes(marker)));
  return pids.filter((_, index) => marked[index]);
}

async function environmentOf(pid: number): Promise<readonly string[]> {
  try {
    return (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
  } catch {
    return []; // another person's process, or one that has just ended
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended meanwhile
  }
}
