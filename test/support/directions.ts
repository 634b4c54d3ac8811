/** A question and an answer whose parts run in different directions. */
export const MIXED = {
  question: 'مرحبا، كيف حالك؟',
  answer: 'שלום.\n\nAnd in English.\n\n- פריט\n\n```\ncode\n```\n',
  draft: 'אני כותב',
} as const;

const PARTS = {
  said: '[data-role=USER] [data-testid=message-text] p',
  answered: '.markdown > p',
  item: '.markdown li',
  code: '.markdown pre',
  title: '[data-testid=thread-title]',
  writing: '[data-testid=composer-input]',
  page: 'body',
};

/** The direction of each part of {@link MIXED}, where it was said, answered, and is being written. */
export const DIRECTIONS = {
  ...{ said: ['rtl'], answered: ['rtl', 'ltr'], item: ['rtl'], code: ['ltr'] },
  ...{ title: ['rtl'], writing: ['rtl'], page: ['ltr'] },
};

/** Reads them from a page. `more`: selectors of further parts. `run` calls a function in the page. */
export function readDirections<Name extends string = never>(
  run: (look: typeof directionsOf, parts: Record<string, string>) => Promise<Record<string, string[]>>,
  more?: Record<Name, string>,
): Promise<Record<keyof typeof PARTS | Name, string[]>> {
  return run(directionsOf, { ...PARTS, ...more }) as Promise<Record<keyof typeof PARTS | Name, string[]>>;
}

function directionsOf(parts: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, selector]) => [
      name,
      [...document.querySelectorAll(selector)].map((it) => getComputedStyle(it).direction),
    ]),
  );
}
