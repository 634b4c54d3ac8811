export function mayInstall(
  machine: { platform: string; uid: number | undefined; hasApt: boolean },
  env: { TEST_INSTALL_TOOLS?: string | undefined },
): boolean;
