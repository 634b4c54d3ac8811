import { aboutOf } from '../core/config/kinds/setting.ts';
import { COMPOSE, OPEN_TELEMETRY, type ReadElsewhere } from '../core/config/read-elsewhere.ts';
import { GROUPS } from '../core/config/settings.ts';

type Group = (typeof GROUPS)[number];
type About = ReturnType<typeof aboutOf>;

const REGION = /(<!-- settings: npm run generate -->\n)[\s\S]*?(<!-- \/settings -->)/;

/**
 * Returns a page of Markdown with a table for each group of settings between its markers.
 * @throws {Error} if the page has no markers
 */
export function withSettings(page: string): string {
  if (!REGION.test(page)) throw new Error('the page has no place for the settings');
  const tables = GROUPS.map(tableOf).join('\n\n');
  return page.replace(REGION, (_all, begin: string, end: string) => `${begin}${tables}\n${end}`);
}

function tableOf({ title, intro, settings }: Group): string {
  const rows = Object.values(settings).map((setting) => {
    const about = aboutOf(setting);
    const cells = [
      `\`${about.variable}\``,
      about.unset ?? `\`${about.default}\``,
      about.values,
      textOf(about),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [
    ...[`### ${title}`, ''],
    ...(intro ? [intro, ''] : []),
    '| variable | default | values | what it decides |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function textOf({ decides, alias }: About): string {
  return alias ? `${decides} \`${alias}\` takes precedence.` : decides;
}

/** The text of `.env.example`. */
export function envExample(): string {
  return [
    comment('All settings; none is required. A line shows the default, or an example if there is none.'),
    comment('To use a copy of this file: cp .env.example .env && node --env-file=.env scripts/start.mjs'),
    comment('(an option of Node itself; variables that the environment already has take precedence)'),
    ...GROUPS.map(sectionOf),
    section('Read by OpenTelemetry', OPEN_TELEMETRY),
    section('Read by docker-compose.yml, which also requires METRICS_TOKEN', COMPOSE),
    '',
  ].join('\n');
}

function sectionOf({ title, intro, settings }: Group): string {
  const lines = Object.values(settings).map((setting) => {
    const about = aboutOf(setting);
    return [
      comment(textOf(about)),
      comment(`Values: ${about.values}.${about.unset === undefined ? '' : ` Unset: ${about.unset}.`}`),
      `# ${about.variable}=${about.default || (about.example ?? '')}`,
    ].join('\n');
  });
  return [heading(title), ...(intro ? [comment(intro)] : []), ...lines].join('\n\n');
}

function section(title: string, variables: readonly ReadElsewhere[]): string {
  const lines = variables.map(
    ({ variable, decides, example }) => `${comment(decides)}\n# ${variable}=${example}`,
  );
  return [heading(title), ...lines].join('\n\n');
}

const heading = (title: string) => `\n# --- ${title} ---`;

const WIDTH = 118;

/** Markdown as lines of comments. */
function comment(markdown: string): string {
  const lines = [''];
  for (const word of plain(markdown).split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length > WIDTH) lines.push(` ${word}`);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => `#${line}`).join('\n');
}

/** The text without Markdown: a link becomes its text, and its file if the text does not name it. */
function plain(markdown: string): string {
  return markdown
    .replace(/\[([^\]]+)\]\(([^)#]+)[^)]*\)/g, (_all, text: string, path: string) =>
      text === path ? text : `${text} (${path})`,
    )
    .replaceAll('`', '');
}
