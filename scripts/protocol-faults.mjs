/** The page with the rules. */
export const PAGE = 'docs/protocol.md';

const ITEM = /^- \*\*(P-\d{2,})\*\*/;
/** `Test: [`file`](link): "title"`, the title without its mark. */
const TEST = /^\s+Test: \[`([^`]+)`\]\([^)]*\): "(.*)"$/;
/** The title of a test or a suite, the first argument of a call, that begins with one or more marks. */
const MARKED = /(\.(?:skip|todo|fails))?\(\s*(['"`])((?:\[P-\d{2,}\] )+)((?:\\.|(?!\2).)*)\2/g;

/**
 * The mismatches between the rules of the page and their tests, one line each. Each rule is a list item
 * `- **P-07** ... MUST ...` with a line `Test:` for each of its tests, whose titles begin with `[P-07] `.
 * `tests`: the sources by path.
 */
export function protocolFaults(page, tests) {
  const rules = rulesOf(page);
  const marks = [...tests].flatMap(([file, source]) => marksOf(file, source));
  const ids = rules.map(({ id }) => id);
  const twice = ids.filter((id, at) => ids.indexOf(id) < at);
  return [
    ...[...new Set(twice)].map((id) => `${PAGE}: ${id} is used twice`),
    ...rules.flatMap((rule) => faultsOf(rule, tests, marks)),
    ...marks.flatMap((mark) => faultsOfMark(mark, rules)),
  ];
}

function rulesOf(page) {
  const rules = [];
  let rule = null;
  for (const line of page.split('\n')) {
    const [, id] = ITEM.exec(line) ?? [];
    if (id) {
      rule = { id, text: line, tests: [] };
      rules.push(rule);
    } else if (!line.startsWith(' ')) rule = null;
    else if (rule) {
      const [, file, title] = TEST.exec(line) ?? [];
      if (file) rule.tests.push({ file, title });
      else rule.text += line;
    }
  }
  return rules;
}

function marksOf(file, source) {
  return [...source.matchAll(MARKED)].flatMap(([, skipped, , marks, title]) =>
    marks
      .match(/P-\d+/g)
      .map((id) => ({ file, id, title: title.replaceAll(/\\(.)/g, '$1'), isSkipped: skipped !== undefined })),
  );
}

function faultsOf({ id, text, tests: named }, tests, marks) {
  const faults = [];
  if (!/\bMUST\b/.test(text)) faults.push(`${PAGE}: ${id} has no MUST`);
  if (named.length === 0) faults.push(`${PAGE}: ${id} names no test`);
  for (const { file, title } of named) {
    const isIt = (mark) => mark.id === id && mark.file === file && mark.title === title;
    if (!tests.has(file)) faults.push(`${PAGE}: ${id} names ${file}, which is not a test of the project`);
    else if (!marks.some(isIt))
      faults.push(`${PAGE}: ${id} names "[${id}] ${title}", which ${file} does not have`);
  }
  return faults;
}

function faultsOfMark({ file, id, title, isSkipped }, rules) {
  const rule = rules.find((each) => each.id === id);
  if (!rule) return [`${file}: "${title}" has the mark ${id}, which ${PAGE} does not have`];
  if (isSkipped) return [`${file}: "${title}" has the mark ${id} and is skipped`];
  const isNamed = rule.tests.some((test) => test.file === file && test.title === title);
  return isNamed ? [] : [`${file}: "${title}" has the mark ${id}, but ${PAGE} does not name it there`];
}
