import { beforeEach, describe, expect, test } from 'vitest';
import { Thinking } from './thinking.ts';

describe('that a model thinks', () => {
  let at: number;
  let published: number[];
  let faults: unknown[];
  let publish: (seconds: number) => Promise<unknown>;
  let thinking: Thinking;
  beforeEach(() => {
    [at, published, faults] = [5_000, [], []];
    publish = async () => {};
    thinking = new Thinking({
      now: () => at,
      publish: (seconds) => {
        published.push(seconds);
        return publish(seconds);
      },
      onFault: (error) => faults.push(error),
    });
  });

  /** Pieces of thought for so many milliseconds, one every 50. */
  async function think(ms: number): Promise<void> {
    for (const end = at + ms; at < end; at += 50) await hear();
  }
  async function hear(isSilent = true): Promise<void> {
    thinking.hear(isSilent);
    await new Promise((resolve) => setImmediate(resolve));
  }

  test('[P-33] is published at once, then once a second, with the seconds since it began', async () => {
    await think(3_200);
    expect(published).toEqual([0, 1, 2, 3]);
  });

  test('is published in tenths of a second', async () => {
    await hear();
    at += 1_031.050292;
    await hear();
    expect(published).toEqual([0, 1]);
  });

  test('[P-33] begins anew when it thinks again after it has said something', async () => {
    await think(1_100);
    thinking.end();
    at += 2_000;
    await think(1_100);
    expect(published).toEqual([0, 1, 0, 1]);
  });

  test('is not published twice within a second, though it begins anew', async () => {
    await think(100);
    thinking.end();
    await think(1_100);
    expect(published).toEqual([0, 0.9]);
  });

  test('is not published while words of it wait to be spoken', async () => {
    await hear(false);
    at += 1_500;
    await hear();
    expect(published).toEqual([1.5]);
  });

  test('waits at most once for a feed that does not answer, and harms nobody when that fails', async () => {
    let fail = (_error: Error) => {};
    publish = () =>
      new Promise((_, reject) => {
        fail = reject;
      });
    await think(5_000);
    expect(published).toEqual([0]);
    fail(new Error('away'));
    publish = async () => {};
    await hear();
    expect(faults).toEqual([new Error('away')]);
    await think(500);
    expect(published).toEqual([0, 5]);
  });
});
