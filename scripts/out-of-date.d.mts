/** Has the files written again by `write`, and answers which of them came out other than they were, or were not there. */
export function outOfDate(files: readonly string[], write: () => void): string[];
