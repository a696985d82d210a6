import { common } from '../i18n/common.ts';
import { startLanguage } from '../i18n/start.ts';
import { viewerTexts } from '../i18n/viewer.ts';
import { mount } from '../ui/mount.tsx';
import { sdkLink } from './sdk-link.ts';
import { ShellUsers, wantsTv } from './tv/tv-users.ts';
import { ViewerApp } from './ViewerApp.tsx';

const language = startLanguage({
  en: { common: common.en, viewer: viewerTexts.en },
  de: { common: common.de, viewer: viewerTexts.de },
});
if (wantsTv(location.search)) await startTelevision();
else mount(language, <ViewerApp link={sdkLink({ remembers: true })} />);

/** Listens to the shell before anything is loaded, so that what it says at once isn't missed. */
async function startTelevision(): Promise<void> {
  const users = new ShellUsers(window);
  const { openTelevision } = await import('./tv/television.ts');
  mount(language, <ViewerApp link={sdkLink({ remembers: false })} television={openTelevision(users)} />);
}
