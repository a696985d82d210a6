/** What programs of a session may know of the worker's own environment: who and where they are, never what Usher was told. */
const PASSED_ON = ['HOME', 'USER', 'LOGNAME', 'SHELL', 'PATH', 'LANG', 'LANGUAGE', 'TZ', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'];
const DEFAULTS = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', HOME: '/' };

/** The environment of programs that the worker starts: a short list from its own, and what `additions` says. */
export function childEnvironment<Additions extends Readonly<Record<string, string>>>(additions: Additions) {
  const environment: Record<string, string> & typeof DEFAULTS = { ...DEFAULTS };
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && (PASSED_ON.includes(name) || name.startsWith('LC_'))) environment[name] = value;
  }
  return { ...environment, ...additions };
}
