import { common } from '../i18n/common.ts';
import { startLanguage } from '../i18n/start.ts';
import { viewerTexts } from '../i18n/viewer.ts';
import { mount } from '../ui/mount.tsx';
import { sdkLink } from './sdk-link.ts';
import { ViewerApp } from './ViewerApp.tsx';

const language = startLanguage({
  en: { common: common.en, viewer: viewerTexts.en },
  de: { common: common.de, viewer: viewerTexts.de },
});
mount(language, <ViewerApp link={sdkLink} />);
