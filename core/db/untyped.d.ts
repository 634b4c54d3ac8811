/** Types for the parts of untyped packages that core/db uses. */

declare namespace WebAssembly {
  function instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
}

declare module 'fs-native-extensions' {
  /**
   * Locks a range of an open file exclusively, until the file is closed or the process ends in any way.
   * False when another holder has the lock.
   */
  export function tryLock(fd: number, offset: number, length: number): boolean;
}
