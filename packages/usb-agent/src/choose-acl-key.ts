import { isAbsolute } from 'node:path';
import { type AclKey, EnvironmentAclKey, FileAclKey } from './acl-key.ts';
import { KeychainAclKey } from './acl-key-keychain.ts';

/** Where the key of the rules is: beside them, in a file that somebody named, in the environment, in the desktop's keychain (U3.2). */
export type AclKeyChoice =
  | { readonly kind: 'beside-rules' | 'environment' | 'keychain' }
  | { readonly kind: 'file'; readonly path: string };

/** Reads `file`, `file:/ABSOLUTE/PATH`, `env` and `keychain`; undefined for anything else. */
export function readAclKeyChoice(text: string): AclKeyChoice | undefined {
  if (text === 'file') return { kind: 'beside-rules' };
  if (text === 'env') return { kind: 'environment' };
  if (text === 'keychain') return { kind: 'keychain' };
  const path = text.startsWith('file:') ? text.slice('file:'.length) : '';
  return isAbsolute(path) ? { kind: 'file', path } : undefined;
}

export function aclKeyOf(choice: AclKeyChoice, rulesPath: string, environment: NodeJS.ProcessEnv): AclKey {
  switch (choice.kind) {
    case 'beside-rules':
      return new FileAclKey(`${rulesPath}.key`);
    case 'file':
      return new FileAclKey(choice.path, false);
    case 'environment':
      return new EnvironmentAclKey(environment);
    case 'keychain':
      return new KeychainAclKey(rulesPath, environment);
  }
}
