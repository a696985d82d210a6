// Who may import whom (design §2, ADR 0001). The language knows nobody; processes and faces meet only in the language.
const mayImport = {
  protocol: [],
  domain: ['protocol'],
  usb: ['protocol', 'domain'],
  broker: ['protocol'],
  host: ['protocol', 'domain'],
  worker: ['protocol', 'domain'],
  'usb-agent': ['protocol', 'domain', 'usb'],
  sdk: ['protocol', 'domain', 'usb'],
  cli: ['sdk'],
  web: ['sdk'],
};
const TEST = '(\\.(test|stories)\\.tsx?$|/testing/)';

const layers = Object.entries(mayImport).map(([name, allowed]) => ({
  name: `${name}-imports-only-${allowed.join('-') || 'nothing'}`,
  severity: 'error',
  from: { path: `^packages/${name}/src`, pathNot: TEST },
  to: { path: '^packages/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...layers,
    { name: 'no-cycles', severity: 'error', from: { pathNot: '/generated/' }, to: { circular: true } },
    {
      name: 'the-language-has-no-dependencies',
      comment: 'Pure code: neither npm nor Node.',
      severity: 'error',
      from: { path: '^packages/(protocol|domain|usb)/src', pathNot: TEST },
      to: { path: 'node_modules', dependencyTypesNot: ['core', 'type-only', 'localmodule', 'aliased-workspace'], pathNot: '^packages/' },
    },
    {
      name: 'the-language-knows-no-node',
      severity: 'error',
      from: { path: '^packages/(protocol|domain|usb)/src', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the-page-knows-no-node',
      severity: 'error',
      from: { path: '^packages/(web/src|sdk/src/(?!node/))', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the-broker-has-no-dependencies',
      comment: 'What runs as root is one file of ours (design: ADR 0013).',
      severity: 'error',
      from: { path: '^packages/broker/src', pathNot: TEST },
      to: { path: 'node_modules', dependencyTypesNot: ['core', 'type-only', 'localmodule', 'aliased-workspace'], pathNot: '^packages/' },
    },
    {
      name: 'only-the-host-listens',
      comment: 'Zone 1 is the only process on the network.',
      severity: 'error',
      from: { path: '^packages/(broker|worker|usb-agent)/src', pathNot: TEST },
      to: { path: '^(node:)?(http|https|http2|dgram|tls|dns)$' },
    },
    {
      name: 'tests-do-not-ship',
      severity: 'error',
      from: { path: '^packages/[^/]+/src', pathNot: TEST },
      to: { path: TEST },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^(virtual:|\\./generated)' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|node_modules/\\.)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['@usher/source', 'import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
