import type { Container } from '../container/container.ts';

/** Memory that would be free without the processes of an account, in MiB: what is shared counts in parts. */
export async function mebibytesOf(container: Container, uid: number): Promise<number> {
  const script = 'for pid in $(pgrep -U "$0"); do grep ^Pss: "/proc/$pid/smaps_rollup"; done 2>/dev/null';
  const lines = (await container.must(['sh', '-c', `${script}; true`, String(uid)])).trim().split('\n');
  return lines.reduce((sum, line) => sum + Number(line.split(/\s+/)[1]), 0) / 1024;
}

/** Seconds of a core that a control group, named below its root, has used since it was made. */
export async function coreSecondsOf(container: Container, group: string): Promise<number> {
  const text = await container.must(['cat', `/sys/fs/cgroup/${group}/cpu.stat`]);
  return Number(/^usage_usec (\d+)$/m.exec(text)?.[1]) / 1e6;
}
