import type { HostStatus } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { failureText, knownCode, remedyFor } from '../../i18n/failures/failure.ts';
import { Command } from '../../ui/Command.tsx';
import { Icon } from '../../ui/Icon.tsx';

/** What the operator has to mend. The host's own sentence goes with ours: it names the file or the program. */
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
          const { command } = remedyFor(failure);
          return (
            <li key={`${problem.code} ${problem.detail}`}>
              <strong>{failureText(failure, i18n.language).title}</strong>
              <p>{problem.detail}</p>
              {command !== undefined && <Command text={command} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
