import type { OsAccount, OsAccountCandidate } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { Command } from '../../ui/Command.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { accountName } from './house.ts';
import { candidateOf, type Obstacle } from './obstacles.ts';

interface ObstacleNotesProps {
  readonly obstacles: readonly Obstacle[];
  readonly account: OsAccount;
  readonly accounts: readonly OsAccountCandidate[] | undefined;
}

/** Why nobody can come in now, and the one thing to do about each reason. */
export function ObstacleNotes({ obstacles, account, accounts }: ObstacleNotesProps) {
  const { t } = useTranslation('profiles');
  if (obstacles.length === 0) return null;
  const name = accountName(account);
  return (
    <ul className="obstacles">
      {obstacles.map((obstacle) => {
        const command = obstacle === 'not-eligible' ? candidateOf(account, accounts)?.remedy : commandFor(obstacle, name);
        return (
          <li key={obstacle} className="obstacle">
            <Icon name="warning" size={22} />
            <div>
              <p>{t(`obstacle.${obstacle}`, { name })}</p>
              {command !== undefined && <Command text={command} />}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** To run on the host. Names that would mean something to a shell aren't made into a command. */
function commandFor(obstacle: Obstacle, name: string): string | undefined {
  if (obstacle === 'no-broker') return 'usher doctor';
  if (obstacle === 'no-account' && /^[a-z_][a-z0-9_.-]*$/i.test(name)) return `sudo useradd --create-home ${name}`;
  return undefined;
}
