export function digestOf(root: string, sources: readonly string[]): string;
