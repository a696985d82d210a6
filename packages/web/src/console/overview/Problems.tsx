import type { HostStatus } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { failureText, knownCode, remedyFor } from '../../i18n/failures/failure.ts';
import { Command } from '../../ui/Command.tsx';
import { HostWords } from '../../ui/HostWords.tsx';
import { Icon } from '../../ui/Icon.tsx';

/** What the operator has to mend: what happened, why, and the one thing to do. The host's own sentence names the file or the program. */
export function Problems({ problems }: { readonly problems: HostStatus['problems'] }) {
  const { t, i18n } = useTranslation('console');
  if (problems.length === 0) return null;
  return (
    <section className="card problems" aria-labelledby="problems-title">
      <h2 id="problems-title">
        <Icon name="warning" /> {t('host.problems')}
      </h2>
      <ul>
        {problems.map((problem) => {
          const failure = { code: knownCode(problem.code), reject: undefined };
          const { title, why, todo } = failureText(failure, i18n.language);
          const { command } = remedyFor(failure);
          return (
            <li key={`${problem.code} ${problem.detail}`}>
              <strong>{title}</strong>
              <p>{why}</p>
              <HostWords words={problem.detail} />
              <p>{todo}</p>
              {command !== undefined && <Command text={command} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
