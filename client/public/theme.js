// Runs before the first paint, so that a remembered theme does not flash. The key is the one of src/theme/theme.ts.
try {
  const theme = localStorage.getItem('taskflow.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be forbidden; then the system's theme applies.
}
