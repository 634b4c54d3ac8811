import { z } from 'zod';

/** What the generated pages say about a variable. Texts are Markdown; links are relative to the repository's root. */
export interface About {
  readonly variable: string;
  /** Another name, which is read first. */
  readonly alias?: string;
  /** What it decides: one or two sentences. */
  readonly decides: string;
  /** The default, in the form of an environment variable. */
  readonly default?: string;
  /** What applies when it is unset, if the default does not say it or there is none. */
  readonly unset?: string;
  /** A value to show if there is no default. */
  readonly example?: string;
}

type WithDefault = About & { readonly default: string };
type WithoutDefault = About & { readonly default?: never; readonly unset: string };

const ABOUT = z.registry<About>();

/** One row of the table: how a variable is read, and its description. Without a default it is undefined when unset. */
export function setting<T>(value: z.ZodType<T, string>, about: WithDefault): z.ZodType<T>;
export function setting<T>(value: z.ZodType<T, string>, about: WithoutDefault): z.ZodType<T | undefined>;
export function setting<T>(value: z.ZodType<T, string>, about: About): z.ZodType<T | undefined> {
  const values = value.description;
  if (values === undefined) throw new Error(`${about.variable} does not say which values it takes`);
  // The transform keeps the key of an unset variable.
  const read = about.default === undefined ? value.optional().transform((one) => one) : value.clone();
  return read.describe(values).register(ABOUT, about);
}

/** @throws {Error} if {@link setting} did not create the schema */
export function aboutOf(read: z.ZodType): About & { readonly values: string } {
  const about = ABOUT.get(read);
  if (!about || read.description === undefined) throw new Error('this is not a setting');
  return { ...about, values: read.description };
}
