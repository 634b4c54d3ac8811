const SHOWN = /(<!-- shown: (\S+) (\S+) -->\n)[\s\S]*?(<!-- \/shown -->)/g;

/**
 * Returns a page of Markdown in which each `<!-- shown: path region -->` ... `<!-- /shown -->` contains the text between
 * `// #region region` and `// #endregion` of that file. `read` returns a file's text.
 * @throws {Error} if a file has no such region
 */
export function withShownRegions(page: string, read: (path: string) => string): string {
  return page.replace(SHOWN, (_all, begin: string, path: string, name: string, end: string) => {
    const region = regionOf(read(path), name);
    if (region === null) throw new Error(`${path} has no region ${name}`);
    return `${begin}\`\`\`js\n${region}\n\`\`\`\n${end}`;
  });
}

/** The lines of the region without their common indentation. */
function regionOf(source: string, name: string): string | null {
  const lines = source.split('\n');
  const begin = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const end = lines.findIndex((line, at) => at > begin && line.trim() === '// #endregion');
  const margin = lines[begin]?.search(/\S/) ?? 0;
  return begin < 0 || end < 0
    ? null
    : lines
        .slice(begin + 1, end)
        .map((line) => line.slice(margin))
        .join('\n');
}
