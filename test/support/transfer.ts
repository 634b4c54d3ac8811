import type { Page } from 'playwright-core';

/** What a first visit may transfer, in bytes. */
export const FIRST_LOAD_BYTES = 200_000;

/** Counts the bytes that a page receives from now on, compressed, with their heads. The returned function returns the sum. */
export async function countTransfer(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page);
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await session.send('Network.enable');
  return () => bytes;
}
