import { servePlainHost } from './plain-host.ts';

// A host of the base protocol over standard input and output, for a viewer in another process.
servePlainHost(process.stdin, process.stdout);
