import { createInterface } from 'node:readline';

/** Serves one command a line, an answer a line, until the end of the input. The commands come from the bench that starts this program. */
export async function serveCommands(perform: (command: Readonly<Record<string, unknown>>) => Promise<unknown>): Promise<void> {
  process.stdout.write(`${JSON.stringify('ready')}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const result = await perform(JSON.parse(line) as Readonly<Record<string, unknown>>); // the bench wrote it
    process.stdout.write(`${JSON.stringify(result ?? null)}\n`);
  }
}
