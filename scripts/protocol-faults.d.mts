/** The page with the rules. */
export const PAGE: string;

/** The mismatches between the rules of the page and their tests, one line each. `tests`: sources by path. */
export function protocolFaults(page: string, tests: ReadonlyMap<string, string>): string[];
