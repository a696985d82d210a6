import { useState } from 'react';
import { openTelevision } from '../viewer/tv/television.ts';
import { ShellUsers } from '../viewer/tv/tv-users.ts';
import { ViewerApp } from '../viewer/ViewerApp.tsx';
import { fakeLink, PLAIN_SCRIPT, type Script } from './fake-link.ts';

interface ViewerStoryProps extends Partial<Script> {
  /** As a television shows it. */
  readonly tv?: boolean;
}

/** The whole viewer in front of a fake host: a story leads it to one of its states. */
export function ViewerStory({ tv = false, ...script }: ViewerStoryProps) {
  const [link] = useState(() => fakeLink({ ...PLAIN_SCRIPT, known: true, ...script }, { remembers: !tv }));
  const [television] = useState(() => (tv ? openTelevision(new ShellUsers(window)) : undefined));
  return <ViewerApp link={link} {...(television === undefined ? {} : { television })} />;
}
