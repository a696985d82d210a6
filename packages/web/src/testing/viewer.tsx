import { common } from '../i18n/common.ts';
import { startLanguage } from '../i18n/start.ts';
import { viewerTexts } from '../i18n/viewer.ts';
import { mount } from '../ui/mount.tsx';
import { ViewerApp } from '../viewer/ViewerApp.tsx';
import { fakeLink, type Script } from './fake-link.ts';

const { en, de } = viewerTexts;
const language = startLanguage({ en: { common: common.en, viewer: en }, de: { common: common.de, viewer: de } });
// The page's own address, written by whoever looks at it: nothing but a look depends on it.
const script = JSON.parse(decodeURIComponent(location.hash.slice(1)) || '{}') as Partial<Script>;
mount(language, <ViewerApp link={fakeLink({ known: false, usb: 'devices', ...script })} />);
