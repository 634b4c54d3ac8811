import { isIP } from 'node:net';
import { PHONE_REGIONS } from '@taskflow/redaction';
import { compile } from 'proxy-addr';
import { z } from 'zod';
import { ROLES, type Role } from '../../domain/vocabulary.ts';
import { parseRedisUrl, RedisUrlError } from '../../redis/location.ts';

/*
 * The kinds of values of variables. A description lists the allowed values for the generated pages. An error message begins
 * with "must" and does not repeat the value, which may be a secret.
 */

const word = z.string().trim().min(1, { error: 'must not be empty', abort: true });

export const text = word.describe('text');

/** A whole number from `min` to `max`, both included. The unit is for the generated pages. */
export function integer(min: number, max: number, unit = '') {
  return z
    .string()
    .trim()
    .refine((value) => isWithin(value, min, max), {
      message: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number)
    .describe(`${min} to ${max} ${unit}`.trim());
}

/** A whole number, or the word `auto`. */
export function countOrAuto(min: number, max: number) {
  return z
    .string()
    .trim()
    .refine((value) => value === 'auto' || isWithin(value, min, max), {
      message: `must be auto or a whole number from ${min} to ${max}`,
    })
    .transform((value) => (value === 'auto' ? value : Number(value)))
    .describe(`\`auto\` or ${min} to ${max}`);
}

function isWithin(value: string, min: number, max: number): boolean {
  return /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
}

/** Milliseconds, up to a day: a longer time is probably a mistake in the unit. */
export const duration = integer(1, 86_400_000, 'ms');

export const port = integer(0, 65_535);

/** Fewer than about 500 tokens leave no room for the instructions. */
export const contextLength = integer(512, 100_000_000, 'tokens');

/** One of several words. */
export function oneOf<const T extends string>(...words: T[]) {
  const known = words.length > 1 ? `one of ${words.join(', ')}` : words.join();
  return z.enum(words, { error: `must be ${known}` }).describe(words.map((word) => `\`${word}\``).join(', '));
}

/** 1 is true. */
export const flag = z
  .enum(['0', '1'], { error: 'must be 0 or 1' })
  .transform((value) => value === '1')
  .describe('`0`, `1`');

export const path = word.describe('path');

export const host = word
  .refine((value) => isIP(value) !== 0 || /^[A-Za-z0-9.-]+$/.test(value), {
    message: 'must be a host name or an IP address',
  })
  .describe('host name or IP address');

/** A URL with one of these schemes, in the form of `URL.protocol`, such as `http:`. */
export function url(...schemes: string[]) {
  const starts = schemes.map((scheme) => `${scheme}//`);
  return word
    .refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol), {
      message: `must be a URL that starts with ${starts.join(' or ')}`,
    })
    .describe(`URL, ${starts.map((start) => `\`${start}\``).join(' or ')}`);
}

export const redisUrl = word
  .superRefine((value, context) => {
    try {
      parseRedisUrl(value);
    } catch (error) {
      if (!(error instanceof RedisUrlError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  })
  .describe('URL, `redis://` or `rediss://`, with `+sentinel` or `+cluster`');

/** A part of the keys in Redis. */
export const keyPrefix = word
  .regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be 1 to 40 letters, digits, _ or -')
  .describe('1 to 40 letters, digits, `_`, `-`');

export const token = word
  .regex(/^[\x21-\x7e]{16,512}$/, 'must be 16 to 512 printable ASCII characters without spaces')
  .describe('16 to 512 printable ASCII characters, no spaces');

/** An id or a secret that another program has given. */
export const printable = word
  .regex(/^[\x21-\x7e]{1,512}$/, 'must be at most 512 printable ASCII characters without spaces')
  .describe('printable ASCII without spaces');

/** A few words for people, in one line. */
export const label = word
  .regex(/^[^\p{Cc}]{1,60}$/u, 'must be at most 60 characters in one line')
  .describe('text of at most 60 characters');

const EMAIL = z.email();

/** The sender of mails, with or without a name. */
export const sender = word
  .refine((value) => EMAIL.safeParse(/^[^<>\p{Cc}]*<([^<>]+)>$/u.exec(value)?.[1] ?? value).success, {
    message: 'must be an address such as taskflow@example.com or TaskFlow <taskflow@example.com>',
  })
  .describe('an e-mail address, `Name <address>` or the address alone');

/** A secret of at least so many bytes. */
export function secret(bytes: number) {
  return word
    .refine((value) => Buffer.byteLength(value) >= bytes, { message: `must be at least ${bytes} bytes long` })
    .describe(`at least ${bytes} bytes`);
}

/** The name of a claim of a JSON Web Token. */
export const claim = word
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be the name of a claim, without spaces')
  .describe('name of a claim');

/** Text separated by commas; a text without entries is an empty list. */
const list = z
  .string()
  .transform((value): readonly string[] => (value === '' ? [] : value.split(',').map((one) => one.trim())));

const isHostName = (name: string) => isIP(name) !== 0 || /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(name);

export const hostNames = list
  .refine((names) => names.every(isHostName), {
    message: 'must be host names in lower case without ports, such as chat.example.com, separated by commas',
  })
  .describe('host names in lower case without ports, separated by commas');

const isOrigin = (value: string) =>
  /^https?:\/\/[^*]+$/.test(value) && URL.canParse(value) && new URL(value).origin === value;

/** An address without a path, such as `https://chat.example.com`. */
export const origin = word
  .refine(isOrigin, { message: 'must be an address without a path, such as https://chat.example.com' })
  .describe('origin: scheme, host and port, without a path');

export const origins = list
  .refine((all) => all.every(isOrigin), {
    message: 'must be origins such as https://app.example.com, without a path, separated by commas',
  })
  .describe('origins without a path, separated by commas');

function isNetwork(value: string): boolean {
  const [address = ''] = value.split('/');
  // To proxy-addr the number 1 is an address, too; in Express it means a number of proxies.
  if (isIP(address) === 0 && !/^[a-z]+$/.test(value)) return false;
  try {
    compile(value);
    return true;
  } catch {
    return false;
  }
}

/** Addresses and networks, in the forms of proxy-addr. */
export const networks = list
  .refine((all) => all.every(isNetwork), {
    message:
      'must be addresses such as 10.1.2.3, networks such as 10.0.0.0/8, loopback, linklocal or uniquelocal, separated by commas',
  })
  .describe(
    'addresses, networks such as `10.0.0.0/8`, `loopback`, `linklocal`, `uniquelocal`, separated by commas',
  );

/** Addresses of people, in lower case. */
export const emails = list
  .transform((all) => all.map((one) => one.toLowerCase()))
  .refine((all) => all.every((one) => EMAIL.safeParse(one).success), {
    message: 'must be e-mail addresses, separated by commas',
  })
  .transform((all): ReadonlySet<string> => new Set(all))
  .describe('e-mail addresses, separated by commas');

export const phoneRegions = z
  .string()
  .transform((value): readonly string[] =>
    value
      .toUpperCase()
      .split(',')
      .map((region) => region.trim()),
  )
  .refine((regions) => regions.every((region) => PHONE_REGIONS.has(region)), {
    message: 'must be codes of countries, such as IN,US,GB',
  })
  .describe('country codes (ISO 3166), separated by commas');

/** Words of an identity provider for roles, such as `admins:ADMIN`. */
export const roleMap = list
  .transform((pairs) => pairs.map((pair) => /^(.+):([A-Z]+)$/.exec(pair)?.slice(1) ?? []))
  .refine((pairs) => pairs.every(([, role]) => ROLES.some((known) => known === role)), {
    message: `must be pairs such as admins:ADMIN, separated by commas, each with a role: ${ROLES.join(', ')}`,
  })
  .transform((pairs) => new Map(pairs as [string, Role][]))
  .describe('`word:ROLE`, separated by commas');
