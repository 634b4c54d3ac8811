/** Where the promises stand. */
export const PAGE: string;

/** What is wrong between the page's promises and the tests that hold them, one line each. `tests`: sources by path. */
export function protocolFaults(page: string, tests: ReadonlyMap<string, string>): string[];
