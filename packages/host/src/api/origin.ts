import { isIP } from 'node:net';

/**
 * Whether a page may speak to this host: only one that this host served itself. A request without an Origin comes from no page
 * (design §3); the callers decide whether that will do.
 */
export function originAllowed(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  const page = parse(origin);
  const self = host === undefined ? undefined : parse(`https://${host}`);
  return page !== undefined && self !== undefined && page.protocol === 'https:' && page.host === self.host;
}

/**
 * Guards against DNS rebinding: a stranger's domain that points at this machine is not one of its names. Allowed are addresses,
 * `localhost`, the machine's own name with any domain behind it (`tv`, `tv.local`, `tv.fritz.box`), and what the
 * HTTPS certificate names (which covers a name of one's own given with --tls-cert).
 */
export function hostAllowed(host: string | undefined, machine: string, certified: (name: string) => boolean): boolean {
  const name = host === undefined ? undefined : parse(`https://${host}`)?.hostname;
  if (name === undefined) return false;
  if (name === 'localhost' || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0) return true;
  return firstLabel(name) === firstLabel(machine.toLowerCase()) || certified(name);
}

function firstLabel(name: string): string {
  return name.split('.')[0] ?? name;
}

/** WHATWG parsing lowers names and drops the default port, as browsers do; undefined where the text isn't an address. */
function parse(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url === undefined || url.pathname !== '/' || url.username !== '' || url.search !== '' || url.hash !== '' ? undefined : url;
}
