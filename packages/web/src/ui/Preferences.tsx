import { useTranslation } from 'react-i18next';
import { speak } from '../i18n/start.ts';
import { LANGUAGES } from '../i18n/wording.ts';
import { Icon } from './Icon.tsx';
import { THEMES, useTheme } from './theme.ts';
import './Preferences.css';

/** The two choices about the page itself: its language and its colours. */
export function Preferences() {
  const { t, i18n } = useTranslation('common');
  const [theme, chooseTheme] = useTheme();
  return (
    <div className="preferences">
      <Choice
        icon="language"
        label={t('languageLabel')}
        value={i18n.language}
        options={LANGUAGES.map((language) => ({
          value: language,
          name: t(`languageName.${language}`),
          choose: () => speak(i18n, language),
        }))}
      />
      <Choice
        icon={theme === 'light' ? 'sun' : theme === 'dark' ? 'moon' : 'system'}
        label={t('themeLabel')}
        value={theme}
        options={THEMES.map((name) => ({ value: name, name: t(`theme.${name}`), choose: () => chooseTheme(name) }))}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly icon: Parameters<typeof Icon>[0]['name'];
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly name: string; readonly choose: () => void }[];
}

function Choice({ icon, label, value, options }: ChoiceProps) {
  return (
    <label className="choice">
      <Icon name={icon} size={18} />
      <span className="visually-hidden">{label}</span>
      <select value={value} onChange={(event) => options.find((option) => option.value === event.target.value)?.choose()}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
    </label>
  );
}
