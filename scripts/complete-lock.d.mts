export function missingPlatforms(
  packages: Record<string, { optionalDependencies?: Record<string, string> }>,
): { at: string; entry: object }[];
