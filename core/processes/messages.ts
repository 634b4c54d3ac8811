import { z } from 'zod';
import { PARTS } from '../http/readiness.ts';

/** What the processes of a group are asked about. */
const topic = z.enum(['live', 'ready', 'metrics']);
export type Topic = z.output<typeof topic>;

/** What one process answers. `metrics` is empty unless asked for. */
const reply = z.object({
  unready: z.array(z.object({ part: z.enum(PARTS), reason: z.string() })),
  metrics: z.string(),
});
export type Reply = z.output<typeof reply>;

/** What the line `ready` says. `url`: of a process that serves. */
const readyFacts = z.object({ url: z.string().optional(), database: z.string(), models: z.string() });
export type ReadyFacts = z.output<typeof readyFacts>;

/** From a member of a group to its primary. `id` is the sender's. */
export const toPrimary = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), facts: readyFacts }),
  /** It could not start; `line` is for the operator. It ends by itself. */
  z.object({ kind: z.literal('failed'), line: z.string() }),
  z.object({ kind: z.literal('question'), id: z.number(), topic }),
  z.object({ kind: z.literal('reply'), id: z.number(), reply }),
]);
export type ToPrimary = z.output<typeof toPrimary>;

/** From the primary to a member. */
export const toMember = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('question'), id: z.number(), topic }),
  /** The replies of all to a question of this member. */
  z.object({ kind: z.literal('replies'), id: z.number(), replies: z.array(reply) }),
]);
export type ToMember = z.output<typeof toMember>;
