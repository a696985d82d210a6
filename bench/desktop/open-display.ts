import x11, { type Client } from 'x11';

/** A plain X client, for the pictures that the benchmarks draw. */
export interface DrawingClient {
  readonly client: Client;
  readonly root: number;
  readonly width: number;
  readonly height: number;
}

/** `authority` is the server's cookie file; npm `x11` reads it from the environment, as every X client does. */
export async function openDisplay(name: string, authority: string | undefined): Promise<DrawingClient> {
  const before = process.env['XAUTHORITY'];
  if (authority !== undefined) process.env['XAUTHORITY'] = authority;
  try {
    return await new Promise((resolve, reject) => {
      const client = x11.createClient({ display: name }, (error, display) => {
        const screen = error ? undefined : display.screen[0];
        if (screen === undefined) reject(error ?? new Error(`display ${name} has no screen`));
        else resolve({ client, root: screen.root, width: screen.pixel_width, height: screen.pixel_height });
        return true;
      });
      client.on('error', reject);
    });
  } finally {
    if (before === undefined) delete process.env['XAUTHORITY'];
    else process.env['XAUTHORITY'] = before;
  }
}

/** Resolves once the server has done everything that was asked of it so far. */
export async function settled(client: Client): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    client.sync((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
