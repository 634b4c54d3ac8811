import { MoonIcon, SunIcon, SystemIcon } from '../icons.tsx';
import { useTranslation } from '../language/language-context.tsx';
import { useTheme } from './theme.ts';

const ICONS = { system: SystemIcon, light: SunIcon, dark: MoonIcon };

/** Switches to the next of the three themes. */
export function ThemeButton() {
  const { t } = useTranslation();
  const [theme, next] = useTheme();
  const Icon = ICONS[theme];
  return (
    <button
      type="button"
      className="icon-button"
      data-testid="theme-button"
      data-theme-choice={theme}
      aria-label={t(`theme.${theme}`)}
      title={t(`theme.${theme}`)}
      onClick={next}
    >
      <Icon />
    </button>
  );
}
