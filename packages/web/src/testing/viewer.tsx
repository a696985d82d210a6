import { common } from '../i18n/common.ts';
import { startLanguage } from '../i18n/start.ts';
import { viewerTexts } from '../i18n/viewer.ts';
import { mount } from '../ui/mount.tsx';
import { openTelevision } from '../viewer/tv/television.ts';
import { ShellUsers, wantsTv } from '../viewer/tv/tv-users.ts';
import { ViewerApp } from '../viewer/ViewerApp.tsx';
import { fakeLink, PLAIN_SCRIPT, type Script } from './fake-link.ts';

const { en, de } = viewerTexts;
const language = startLanguage({ en: { common: common.en, viewer: en }, de: { common: common.de, viewer: de } });
// The page's own address, written by whoever looks at it: nothing but a look depends on it.
const script = JSON.parse(decodeURIComponent(location.hash.slice(1)) || '{}') as Partial<Script>;
const television = wantsTv(location.search) ? openTelevision(new ShellUsers(window)) : undefined;
const link = fakeLink({ ...PLAIN_SCRIPT, ...script }, { remembers: television === undefined });
mount(language, <ViewerApp link={link} {...(television === undefined ? {} : { television })} />);
