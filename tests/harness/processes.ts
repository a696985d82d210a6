import { readdir, readFile } from 'node:fs/promises';

/** One process as /proc tells of it. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process below `root`, children of children included. */
export async function descendants(root: number): Promise<readonly ProcessInfo[]> {
  const all = await processes();
  const found: ProcessInfo[] = [];
  const parents = new Set([root]);
  // A child's pid can be smaller than its parent's after the counter wraps, so go on until a pass finds nothing new.
  for (let before = -1; before !== found.length; ) {
    before = found.length;
    for (const info of all) {
      if (parents.has(info.parent) && !parents.has(info.pid)) {
        parents.add(info.pid);
        found.push(info);
      }
    }
  }
  return found;
}

async function processes(): Promise<readonly ProcessInfo[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const infos = await Promise.all(names.map((name) => processInfo(Number(name))));
  return infos.filter((info) => info !== undefined);
}

async function processInfo(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const [stat, command] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile(`/proc/${pid}/cmdline`, 'utf8')]);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    return { pid, parent: Number(fields[1]), command: command.replaceAll('\0', ' ').trim() };
  } catch {
    return undefined; // it ended between the listing and the reading
  }
}

/** Whether it runs; one that has ended and isn't reaped yet doesn't. */
export async function isAlive(pid: number): Promise<boolean> {
  return (await processInfo(pid)) !== undefined;
}

/** Processor seconds (user and system) that a process has used so far. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100; // the kernel counts in USER_HZ, 100 everywhere that Usher runs
}

/** Proportional set size in bytes: shared pages are divided among those who share them. */
export async function memoryBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
}

/** One variable of a process's environment, as it was started with. */
export async function environmentOf(pid: number, name: string): Promise<string | undefined> {
  const entries = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
  return entries.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}
