import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { ApiToken, PrismaClient } from '../../generated/prisma/client.ts';
import type { Database } from '../db/database.ts';
import type { Caller } from '../domain/caller.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { type Owner, ownerOf } from '../domain/owner.ts';
import { PROBLEM_TEXTS } from '../domain/texts.ts';
import type { ApiScope, Role } from '../domain/vocabulary.ts';

/** What every secret begins with, so that people and scanners of leaked secrets recognise it. */
export const SECRET_PREFIX = 'tf_';
/** The random part of a secret, in bytes. */
const SECRET_BYTES = 32;
/** How much of a secret is stored as it is, in characters: enough to recognise it, too little to guess it. */
const SHOWN = 10;
/** How exactly the last use is known, in milliseconds: one write in this time, however often a token is used. */
const USED_EVERY_MS = 60_000;
/** The most tokens of an owner that are neither revoked nor expired. */
const MAX_TOKENS = 100;

export interface NewApiToken {
  name: string;
  scopes: readonly ApiScope[];
  expiresAt: Date | null;
}

/** The API tokens of all owners. The database has the hash of a secret, never the secret. */
export class ApiTokens {
  readonly #prisma: PrismaClient;
  readonly #database: Pick<Database, 'prisma' | 'readAs' | 'changeAs'>;

  constructor(database: Pick<Database, 'prisma' | 'readAs' | 'changeAs'>) {
    this.#prisma = database.prisma;
    this.#database = database;
  }

  /** Creates a token with the owner's own role. @throws {InvalidInputError} when the owner has too many */
  async create(
    owner: Pick<Caller, 'owner' | 'tenant' | 'role'>,
    { name, scopes, expiresAt }: NewApiToken,
  ): Promise<{ apiToken: ApiToken; secret: string }> {
    const secret = `${SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64url')}`;
    const used = await this.#database.readAs(ownerOf(owner), (prisma) =>
      prisma.apiToken.count({ where: { ...ownerOf(owner), ...valid(new Date()) } }),
    );
    if (used >= MAX_TOKENS)
      throw new InvalidInputError([{ path: 'name', message: PROBLEM_TEXTS.tooManyTokens(MAX_TOKENS) }]);
    const data = {
      ...{ id: uuidv7(), ...ownerOf(owner), role: owner.role, name, scopes: [...scopes], expiresAt },
      ...{ prefix: secret.slice(0, SHOWN), hash: hashOf(secret) },
    };
    const apiToken = await this.#database.changeAs(ownerOf(owner), (prisma) =>
      prisma.apiToken.create({ data }),
    );
    return { apiToken, secret };
  }

  /** The tokens of an owner, the newest first, revoked and expired ones too. */
  of(owner: Owner): Promise<ApiToken[]> {
    const query = { where: ownerOf(owner), orderBy: { id: 'desc' }, take: 2 * MAX_TOKENS } as const;
    return this.#database.readAs(ownerOf(owner), (prisma) => prisma.apiToken.findMany(query));
  }

  find(owner: Owner, id: string): Promise<ApiToken | null> {
    const query = { where: { id, ...ownerOf(owner) } };
    return this.#database.readAs(ownerOf(owner), (prisma) => prisma.apiToken.findFirst(query));
  }

  /** Revokes a token of the owner; one that is revoked stays as it is. Null: the owner has no such token. */
  async revoke(owner: Owner, id: string): Promise<ApiToken | null> {
    const where = { id, ...ownerOf(owner), revokedAt: null };
    await this.#database.changeAs(ownerOf(owner), (prisma) =>
      prisma.apiToken.updateMany({ where, data: { revokedAt: new Date() } }),
    );
    return this.find(owner, id);
  }

  /** Has the tokens of an owner call with another role, as the owner does. */
  async changeRole(owner: Owner, role: Role): Promise<void> {
    await this.#database.changeAs(ownerOf(owner), (prisma) =>
      prisma.apiToken.updateMany({ where: ownerOf(owner), data: { role } }),
    );
  }

  /** The token of a secret, revoked and expired ones too; null when there is none. Notes its use. */
  async bySecret(secret: string): Promise<ApiToken | null> {
    const found = await this.#prisma.apiToken.findUnique({ where: { hash: hashOf(secret) } });
    if (found && Date.now() - (found.lastUsedAt?.getTime() ?? 0) >= USED_EVERY_MS)
      await this.#prisma.apiToken.updateMany({ where: { id: found.id }, data: { lastUsedAt: new Date() } });
    return found;
  }

  /** Those of these ids that are still valid, each with its role. */
  async validAmong(ids: readonly string[]): Promise<ReadonlyMap<string, Role>> {
    const found = await this.#prisma.apiToken.findMany({
      where: { id: { in: [...ids] }, ...valid(new Date()) },
      select: { id: true, role: true },
    });
    return new Map(found.map(({ id, role }) => [id, role]));
  }
}

/** Whether a token may be used. `now`: Unix milliseconds. */
export function isUsable({ revokedAt, expiresAt }: ApiToken, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt.getTime() > now);
}

function valid(now: Date) {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
