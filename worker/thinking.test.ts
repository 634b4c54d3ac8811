import { beforeEach, describe, expect, test } from 'vitest';
import { Thinking } from './thinking.ts';

describe('the thinking of a model', () => {
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

  /** A piece of thought every 50 ms, for `ms`. */
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

  test('[P-33] restarts at 0 when it thinks again after it has said something', async () => {
    await think(1_100);
    thinking.end();
    at += 2_000;
    await think(1_100);
    expect(published).toEqual([0, 1, 0, 1]);
  });

  test('is not published twice within a second, even if it restarts', async () => {
    await think(100);
    thinking.end();
    await think(1_100);
    expect(published).toEqual([0, 0.9]);
  });

  test('is not published while words of the answer wait to be spoken', async () => {
    await hear(false);
    at += 1_500;
    await hear();
    expect(published).toEqual([1.5]);
  });

  test('has at most one publication waiting for a slow feed, and continues after it fails', async () => {
    let fail = (_error: Error) => {};
    publish = () =>
      new Promise((_, reject) => {
        fail = reject;
      });
    await think(5_000);
    expect(published).toEqual([0]);
    fail(new Error('unavailable'));
    publish = async () => {};
    await hear();
    expect(faults).toEqual([new Error('unavailable')]);
    await think(500);
    expect(published).toEqual([0, 5]);
  });
});
