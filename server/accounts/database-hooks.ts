import type { BetterAuthOptions } from 'better-auth';
import { DEFAULT_TENANT } from '../../core/domain/owner.ts';
import type { Revocations } from '../../core/live/revocations/revocations.ts';
import { storable } from '../../core/text/storable.ts';

/** The longest name of a person, in characters: it is part of each token. */
const LONGEST_NAME = 100;
const LONGEST_IMAGE = 2_000;

/** What the tables get and lose: people write their own names, and what is open ends with a session. */
export function databaseHooks(revocations: Pick<Revocations, 'publish'>) {
  return {
    user: {
      create: { before: async (user) => ({ data: cleaned(user) }) },
      update: { before: async (user) => ({ data: cleaned(user) }) },
    },
    account: {
      create: { before: async () => ({ data: NO_TOKENS }) },
      update: { before: async () => ({ data: NO_TOKENS }) },
    },
    session: {
      delete: {
        after: ({ userId }) => revocations.publish({ owner: userId, tenant: DEFAULT_TENANT }),
      },
    },
  } satisfies BetterAuthOptions['databaseHooks'];
}

/** The name and the picture as they can be stored and shown; what is absent stays so. */
export function cleaned({ name, image }: { name?: unknown; image?: unknown }): {
  name?: string;
  image?: string | null;
} {
  return {
    ...(name !== undefined && { name: typeof name === 'string' ? nameFrom(name) : '' }),
    ...(image !== undefined && { image: isPicture(image) ? image : null }),
  };
}

function nameFrom(text: string): string {
  return storable(text.trim().replaceAll(/\s+/g, ' ').slice(0, LONGEST_NAME)).trim();
}

function isPicture(image: unknown): image is string {
  return typeof image === 'string' && image.length <= LONGEST_IMAGE && /^https:\/\/[\x21-\x7e]+$/.test(image);
}

/** The tokens of providers: TaskFlow calls no provider in a person's name. */
const NO_TOKENS = {
  accessToken: null,
  refreshToken: null,
  idToken: null,
  accessTokenExpiresAt: null,
  refreshTokenExpiresAt: null,
};
