/** One of the labs that `npm run lab` runs: tests that need more than a process, namely root or a machine of their own. */
export interface Lab {
  /** What `npm run lab -- NAME` calls it. */
  readonly name: string;
  /** One line: what somebody knows who has seen it pass. */
  readonly proves: string;
  /** The folder of its tests. */
  readonly folder: string;
  /** Builds what the tests start from, where it isn't there yet; rejects with what this machine lacks. */
  prepare(say: (line: string) => void): Promise<void>;
}
