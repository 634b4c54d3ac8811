/** What core/db uses of things that come without types. */

declare namespace WebAssembly {
  function instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
}

declare module 'fs-native-extensions' {
  /**
   * Locks a range of an open file for its holder alone, until the file is closed or the process ends however it ends.
   * False when another holder has it.
   */
  export function tryLock(fd: number, offset: number, length: number): boolean;
}
