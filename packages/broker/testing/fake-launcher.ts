import type { Socket } from 'node:net';
import type { BrokerRefusal } from '@usher/protocol';
import type { Launch, Launcher, Person } from '../src/launchers/launcher.ts';

/** A worker that a test holds in its hands. */
export class FakeLaunch implements Launch {
  readonly person: Person;
  readonly connection: Socket;
  readonly ended: Promise<BrokerRefusal | undefined>;
  /** Ends it as if by itself; with a refusal, as if it had never run. */
  readonly end: (refusal?: BrokerRefusal) => void;
  stops = 0;
  /** Ends when it is told to. */
  obeys = true;

  constructor(person: Person, connection: Socket) {
    this.person = person;
    this.connection = connection;
    let end: (refusal?: BrokerRefusal) => void = () => undefined;
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    this.end = end;
  }

  stop(): void {
    this.stops += 1;
    if (this.obeys) this.end();
  }
}

export class FakeLauncher implements Launcher {
  readonly launches: FakeLaunch[] = [];

  launch(person: Person, connection: Socket): Launch {
    const launch = new FakeLaunch(person, connection);
    this.launches.push(launch);
    return launch;
  }

  sweep(): Promise<void> {
    return Promise.resolve();
  }
}
