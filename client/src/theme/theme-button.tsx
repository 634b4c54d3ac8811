import { MoonIcon, SunIcon, SystemIcon } from '../icons.tsx';
import { texts } from '../texts.ts';
import { useTheme } from './theme.ts';

const ICONS = { system: SystemIcon, light: SunIcon, dark: MoonIcon };

/** Switches to the next of the three themes. */
export function ThemeButton() {
  const [theme, next] = useTheme();
  const Icon = ICONS[theme];
  return (
    <button
      type="button"
      className="icon-button"
      data-testid="theme-button"
      data-theme-choice={theme}
      aria-label={texts.theme[theme]}
      title={texts.theme[theme]}
      onClick={next}
    >
      <Icon />
    </button>
  );
}
