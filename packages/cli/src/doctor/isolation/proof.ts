import type { TryAs } from './as-account.ts';
import { type Attempt, attemptsAt, attemptsAtMachine, type Furniture, ownAttempts } from './attempts.ts';
import type { Account, MachineSessions, OpenSession } from './machine-sessions.ts';

/** One cell of the matrix: what somebody tried at somebody's session, or at the machine. */
export interface Cell {
  readonly from: string;
  readonly to: string;
  readonly tried: number;
  /** Ways that lead there and shouldn't; of one's own, those that should and don't. */
  readonly wrong: readonly { readonly way: string; readonly word: string; readonly mend?: string }[];
  /** Ways of which nothing is known, because what is there gave no answer. */
  readonly unanswered: readonly { readonly way: string; readonly word: string }[];
}

export interface ProofOptions {
  readonly machine: MachineSessions;
  readonly furniture: Furniture;
  /** Whoever tries: root can try as anybody, others as themselves. */
  readonly attackers: readonly Account[];
  readonly nameOf: (uid: number) => string;
  readonly tryAs: TryAs;
}

export const MACHINE = 'the machine';

/** Everybody tries everything at everybody, and at the machine; each session's own account does what must work. */
export async function proveIsolation(options: ProofOptions): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const attacker of options.attackers) cells.push(...(await cellsOf(attacker, options)));
  return cells;
}

async function cellsOf(attacker: Account, { machine, furniture, nameOf, tryAs }: ProofOptions): Promise<readonly Cell[]> {
  const from = nameOf(attacker.uid);
  const own = machine.sessions.find(({ uid }) => uid === attacker.uid);
  const others = machine.sessions.filter(({ uid }) => uid !== attacker.uid);
  const isHost = attacker.uid === machine.host?.uid;
  const plans = [
    ...(own === undefined ? [] : [{ to: from, isOwn: true, attempts: ownAttempts(own) }]),
    ...others.map((session) => ({ to: nameOf(session.uid), isOwn: false, attempts: atOther(session, own, furniture) })),
    // The host's own account asks the broker and holds the token: that is what it is for.
    ...(isHost ? [] : [{ to: MACHINE, isOwn: false, attempts: attemptsAtMachine(furniture, from, machine.host?.home) }]),
  ].filter(({ attempts }) => attempts.length > 0);
  const outcomes = await tryAs(
    attacker,
    plans.flatMap(({ attempts }) => attempts.map(({ deed }) => deed)),
  );
  let next = 0;
  return plans.map(({ to, isOwn, attempts }) => {
    const tried = attempts.flatMap(({ way, mend }) => {
      const outcome = outcomes[next++];
      return outcome === undefined ? [] : [{ way, mend, ...outcome }];
    });
    const wrong = tried.filter(({ result }) => result === (isOwn ? 'refused' : 'reached'));
    const unanswered = tried.filter(({ result }) => result === 'unanswered');
    return {
      ...{ from, to, tried: attempts.length },
      wrong: wrong.map(({ way, word, mend }) => ({ way, word, ...(mend === undefined ? {} : { mend }) })),
      unanswered: unanswered.map(({ way, word }) => ({ way, word })),
    };
  });
}

function atOther(session: OpenSession, own: OpenSession | undefined, furniture: Furniture): readonly Attempt[] {
  const ownCookie = own?.isSandboxed === false ? own.program?.cookieFile : undefined;
  return attemptsAt(session, furniture.shared.get(session.uid) ?? [], ownCookie);
}
