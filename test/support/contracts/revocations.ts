import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Revocation, Revocations } from '../../../core/live/revocations/revocations.ts';

/** What every adapter of {@link Revocations} does. `open` returns two of them that share a store, as two processes do. */
export function describeRevocations(
  name: string,
  open: () => Promise<{ one: Revocations; other: Revocations; close(): Promise<void> }>,
): void {
  describe(`revocations: ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    /** Publishes until a listener has heard it: it listens soon, not at once. */
    async function untilHeard(heard: readonly Revocation[], revocation: Revocation): Promise<void> {
      await expect
        .poll(
          async () => {
            await opened.one.publish(revocation);
            return heard;
          },
          { interval: 20 },
        )
        .toContainEqual(revocation);
    }

    test.each<Revocation>([{ apiTokenId: 't1' }, { owner: 'a:b {c}', tenant: 'Ωmega' }])(
      'a revocation of %o is heard in every process',
      async (revocation) => {
        const heard: Revocation[][] = [[], []];
        const stops = [opened.one, opened.other].map((one, i) => one.listen((what) => heard[i]?.push(what)));
        for (const each of heard) await untilHeard(each, revocation);
        for (const stop of stops) stop();
      },
    );

    test('a listener that has stopped hears nothing, and the others go on', async () => {
      const gone: Revocation[] = [];
      const kept: Revocation[] = [];
      const leave = opened.other.listen((what) => gone.push(what));
      const stop = opened.other.listen((what) => kept.push(what));
      await untilHeard(gone, { apiTokenId: 't2' });
      leave();
      await untilHeard(kept, { apiTokenId: 't3' });
      expect(gone).not.toContainEqual({ apiTokenId: 't3' });
      stop();
    });
  });
}
