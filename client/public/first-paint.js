// Runs before the first paint, so that neither a remembered theme nor the direction of a language flashes. The keys are those of
// src/theme/theme.ts and src/language/language.ts, the languages those of src/language/languages.ts.
{
  const root = document.documentElement;
  const DIRECTIONS = { en: 'ltr', ar: 'rtl' };
  const remembered = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      // Storage can be forbidden; then the system's theme and language apply.
      return null;
    }
  };
  const theme = remembered('taskflow.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const wanted = [remembered('taskflow.language') ?? '', ...navigator.languages];
  const languages = wanted.map((tag) => tag.split('-')[0].toLowerCase());
  root.lang = languages.find((language) => Object.hasOwn(DIRECTIONS, language)) ?? 'en';
  root.dir = DIRECTIONS[root.lang];
}
