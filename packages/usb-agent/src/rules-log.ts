import type { Logger } from 'pino';
import type { AclStore } from './acl-store.ts';
import { watchRules } from './acl-watch.ts';

/** Says which rules hold, now and whenever that changes, and takes over what others do to their file. */
export function followRules(store: AclStore, path: string, log: Logger): void {
  const tell = () => {
    const { acl, integrity } = store;
    if (integrity.ok) log.info({ default: acl.default, rules: acl.rules.length }, 'the USB rules');
    else log.warn({ problem: integrity.problem, mend: integrity.mend }, 'the USB rules are not trusted; nothing is lent');
  };
  tell();
  store.onChange(tell);
  watchRules(
    path,
    () => void store.refresh(),
    (reason) => log.warn({ reason }, 'the USB rules are not watched; a hand edit counts when a device is opened'),
  );
}
