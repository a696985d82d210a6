import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { CodedError } from '@usher/protocol';
import type { HostConfig } from '../config.ts';
import { errorWord } from '../store/state-directory.ts';

/** The operator's own certificate for HTTPS (`--tls-cert`, `--tls-key`); it may be followed by its chain. */
export async function httpsCertificate(
  files: NonNullable<HostConfig['tls']>,
): Promise<{ readonly certificate: string; readonly key: string }> {
  const [certificate, key] = await Promise.all([readPem(files.certificateFile), readPem(files.keyFile)]);
  try {
    createSecureContext({ cert: certificate, key });
  } catch (cause) {
    throw new CodedError('config.invalid', `${files.certificateFile} and ${files.keyFile} are not a certificate and its key in PEM`, {
      cause,
    });
  }
  return { certificate, key };
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CodedError('config.invalid', `${path} can't be read (${errorWord(cause)}); see --tls-cert and --tls-key`, { cause });
  }
}
