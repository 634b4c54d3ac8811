import { useEffect, useState } from 'react';

/** `system` follows the operating system, live. */
export type Theme = 'system' | 'light' | 'dark';

/** The same key as in public/first-paint.js, which applies it before the first paint. */
const KEY = 'taskflow.theme';
const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

/** The chosen theme, and a function that switches to the next one; stored if the browser allows it. */
export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState(remembered);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  const next = () => {
    remember(NEXT[theme]);
    setTheme(NEXT[theme]);
  };
  return [theme, next];
}

function remembered(): Theme {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === 'light' || theme === 'dark' ? theme : 'system';
  } catch {
    return 'system';
  }
}

function remember(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage can be forbidden; then the theme lasts as long as the page.
  }
}
