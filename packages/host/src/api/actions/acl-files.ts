import { open, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type AclRule, formatAcl, parseAcl, readAclRule, ruleDocument } from '@usher/domain';
import { CodedError, isCoded, Reader } from '@usher/protocol';
import { errorWord } from '../../store/state-directory.ts';
import { aclAdded, aclDefault, aclRemoved, usbAcl } from '../schema.ts';
import type { AgentQuestions } from '../usb/agent-questions.ts';

/** As large as the agent's own file may be. */
const FILE_MAX = 1024 * 1024;

/** Writes the rules as their own file has them, without a signature. A file that is there already is replaced only where it is a file. */
export async function exportRules(agent: AgentQuestions, directory: string, path: string) {
  const acl = await agent.ask('acl.get', {}, usbAcl);
  const target = resolve(directory, path);
  const rules = acl.rules.map((rule) => readAclRule(Reader.of(rule, 'rule')));
  try {
    const handle = await open(target, 'w', 0o600);
    try {
      await handle.writeFile(formatAcl({ default: acl.default, rules }));
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new CodedError('store.write-failed', `the rules can't be written there (${errorWord(cause)})`, { cause });
  }
  return { exported: true as const, path };
}

/**
 * Adds the rules of a file, one after the other. `replace` takes those away that are there; a default that denies is set before anything is
 * taken away, and one that allows comes last, so that a stop half-way never allows more than one of the two files does.
 */
export async function importRules(agent: AgentQuestions, directory: string, path: string, replace: boolean) {
  const wanted = parseAcl(await read(resolve(directory, path)));
  if (replace) {
    await agent.ask('acl.default', { policy: 'deny' }, aclDefault);
    const { rules } = await agent.ask('acl.get', {}, usbAcl);
    for (const rule of rules) await agent.ask('acl.remove', targetOf(readAclRule(Reader.of(rule, 'rule'))), aclRemoved);
  }
  for (const rule of wanted.rules) await agent.ask('acl.add', ruleDocument(rule), aclAdded);
  if (replace && wanted.default === 'allow') await agent.ask('acl.default', { policy: 'allow' }, aclDefault);
  return { imported: wanted.rules.length };
}

function targetOf({ vendorId, productId, serial }: AclRule) {
  return { vendor_id: vendorId, product_id: productId, ...(serial === undefined ? {} : { serial }) };
}

async function read(path: string): Promise<Buffer> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > FILE_MAX) throw new CodedError('store.unreadable', 'the file is larger than 1 MiB');
    return bytes;
  } catch (cause) {
    if (isCoded(cause)) throw cause;
    throw new CodedError('store.unreadable', `the file can't be read (${errorWord(cause)})`, { cause });
  }
}
