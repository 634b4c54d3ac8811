import { expect } from 'vitest';
import type { Pacer } from '../../core/speech/pacer.ts';

/** What a model produces. */
export interface Chunk {
  text: string;
  /** Milliseconds after the chunk before it. */
  after: number;
}

/** A part of the text as it is spoken, and when, in milliseconds. */
export interface Spoken {
  text: string;
  tokens: number;
  dueAt: number;
  at: number;
}

/**
 * Runs a pacer to its end, on a clock that moves only here, with a listener that is on time, or that only reads every `every`
 * milliseconds.
 */
export function spokenBy(pacer: Pacer, chunks: readonly Chunk[], every?: number): Spoken[] {
  const spoken: Spoken[] = [];
  let now = 0;
  const listenUntil = (end: number) => {
    for (let due = pacer.nextDueAt(); due !== null; due = pacer.nextDueAt()) {
      const at = every === undefined ? due : Math.ceil(due / every) * every;
      if (at > end) return;
      const said = pacer.take(at);
      expect(said, `nothing was spoken at ${at}, but text was due at ${due}`).not.toBeNull();
      if (said) spoken.push({ ...said, at });
    }
  };
  for (const { text, after } of chunks) {
    listenUntil(now + after);
    now += after;
    pacer.push(text, now);
  }
  pacer.finish(now);
  listenUntil(Number.POSITIVE_INFINITY);
  expect(pacer.done).toBe(true);
  return spoken;
}

export function joined(parts: readonly { text: string }[]): string {
  return parts.map(({ text }) => text).join('');
}
