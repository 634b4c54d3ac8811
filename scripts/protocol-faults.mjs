/** Where the promises stand. */
export const PAGE = 'docs/protocol.md';

const ITEM = /^- \*\*(P-\d{2,})\*\*/;
/** `Test: [`file`](link): "title"`, the title without its mark. */
const TEST = /^\s+Test: \[`([^`]+)`\]\([^)]*\): "(.*)"$/;
/** The title of a test or a suite, as the first argument of a call, that begins with one mark or more. */
const MARKED = /(\.(?:skip|todo|fails))?\(\s*(['"`])((?:\[P-\d{2,}\] )+)((?:\\.|(?!\2).)*)\2/g;

/**
 * What is wrong between the page's promises and the tests that hold them, one line each. Each promise is a list item
 * `- **P-07** ... MUST ...` with a line `Test:` for every test that holds it; each such test's title begins with `[P-07] `.
 * `tests`: the sources by their paths.
 */
export function protocolFaults(page, tests) {
  const promises = promisesOf(page);
  const marks = [...tests].flatMap(([file, source]) => marksOf(file, source));
  const ids = promises.map(({ id }) => id);
  const twice = ids.filter((id, at) => ids.indexOf(id) < at);
  return [
    ...[...new Set(twice)].map((id) => `${PAGE}: ${id} is used twice`),
    ...promises.flatMap((promise) => faultsOf(promise, tests, marks)),
    ...marks.flatMap((mark) => faultsOfMark(mark, promises)),
  ];
}

function promisesOf(page) {
  const promises = [];
  let promise = null;
  for (const line of page.split('\n')) {
    const [, id] = ITEM.exec(line) ?? [];
    if (id) {
      promise = { id, text: line, tests: [] };
      promises.push(promise);
    } else if (!line.startsWith(' ')) promise = null;
    else if (promise) {
      const [, file, title] = TEST.exec(line) ?? [];
      if (file) promise.tests.push({ file, title });
      else promise.text += line;
    }
  }
  return promises;
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
    if (!tests.has(file)) faults.push(`${PAGE}: ${id} names ${file}, which is no test of ours`);
    else if (!marks.some(isIt))
      faults.push(`${PAGE}: ${id} names "[${id}] ${title}", which ${file} does not have`);
  }
  return faults;
}

function faultsOfMark({ file, id, title, isSkipped }, promises) {
  const promise = promises.find((each) => each.id === id);
  if (!promise) return [`${file}: "${title}" bears ${id}, which ${PAGE} does not have`];
  if (isSkipped) return [`${file}: "${title}" bears ${id} and is skipped`];
  const isNamed = promise.tests.some((test) => test.file === file && test.title === title);
  return isNamed ? [] : [`${file}: "${title}" bears ${id}, and ${PAGE} does not name it there`];
}
