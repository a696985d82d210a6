import { prepareRoot } from '../container/root.ts';
import type { Lab } from '../lab.ts';

export const isolationLab: Lab = {
  name: 'isolation',
  proves: 'the packaged broker under a real systemd, logind and PAM: whom it opens, that nobody reaches another, and that nothing is left',
  folder: 'tests/lab/isolation',
  async prepare(say) {
    await prepareRoot(say);
  },
};
