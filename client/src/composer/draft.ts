import { useServices } from '../services/services.ts';
import type { Kept } from '../session/kept.ts';

/** The texts that a person has begun to write. */
export interface Drafts {
  /** The text that was written in a place and not sent. */
  read(place: string): string;
  /** Stores a draft; an empty one is removed. */
  write(place: string, text: string): void;
}

/** The drafts of the person who is here. */
export function useDrafts(): Drafts {
  return draftsIn(useServices().kept);
}

/** Drafts as they are kept. */
export function draftsIn(kept: Pick<Kept, 'read' | 'write'>): Drafts {
  const name = (place: string) => `draft.${place}`;
  return {
    read: (place) => kept.read(name(place)) ?? '',
    write: (place, text) => kept.write(name(place), text || null),
  };
}
