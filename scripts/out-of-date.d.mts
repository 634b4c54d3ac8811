/** Calls `write`, which writes the files again, and returns those that changed or did not exist. */
export function outOfDate(files: readonly string[], write: () => void): string[];
