import { isUuid } from '../../../core/domain/ids.ts';
import type { ModelErrorCode as ErrorCode } from '../../../core/domain/vocabulary.ts';
import type { InferenceStatus as Status } from '../../../core/inference/inference-record.ts';
import { storable } from '../../../core/text/storable.ts';
import type { InferenceLog as InferenceLogRow, Prisma } from '../../../generated/prisma/client.ts';
import { badInput } from '../bad-input.ts';
import { builder } from '../builder.ts';
import { fromNodeId, toNodeId } from '../ids.ts';
import { DEFAULT_PAGE_SIZE, type Keyset, type PageQuery, readPage } from '../page.ts';
import { requireRole, TELEMETRY_READERS } from '../role.ts';
import { InferenceStatus, ModelErrorCode } from './enums.ts';

export const InferenceLog = builder.prismaNode('InferenceLog', {
  id: { field: 'id', description: 'Opaque, and unique among all types.' },
  description: 'What was measured of one call to a model.',
  fields: (t) => ({
    conversationId: t.id({
      nullable: true,
      description: 'Whose conversation it was for; null when it was for none, or for one that was deleted.',
      resolve: ({ conversationId: id }) => id && toNodeId('Conversation', id),
    }),
    messageId: t.id({
      nullable: true,
      description: 'The turn that it was for, and so the message, if anything of the answer was heard.',
      resolve: ({ messageId: id }) => id && toNodeId('Message', id),
    }),
    modelId: t.exposeString('model', { description: 'The id of the model that was asked.' }),
    provider: t.exposeString('provider', { description: 'The provider that was asked.' }),
    status: t.field({
      type: InferenceStatus,
      description: 'How the call ended.',
      resolve: ({ status }) => status as Status,
    }),
    latencyMs: t.exposeInt('latencyMs', { description: 'How long the call took, in milliseconds.' }),
    timeToFirstTokenMs: t.exposeInt('timeToFirstTokenMs', {
      nullable: true,
      description: 'How long until the first text came, in milliseconds; null when none came.',
    }),
    inputTokens: t.exposeInt('inputTokens', { description: 'Tokens of the prompt, with its context.' }),
    outputTokens: t.exposeInt('outputTokens', { description: 'Tokens of the answer itself.' }),
    tokensEstimated: t.exposeBoolean('tokensEstimated', {
      description: 'Whether the tokens are an estimate, because the provider did not count them.',
    }),
    errorCode: t.field({
      type: ModelErrorCode,
      nullable: true,
      description: 'Why the call failed; null when it did not.',
      resolve: ({ errorCode }) => errorCode as ErrorCode | null,
    }),
    errorMessage: t.exposeString('errorMessage', {
      nullable: true,
      description: 'What the provider said, redacted, 500 characters at most; null when it said nothing.',
    }),
    inputPreview: t.exposeString('inputPreview', {
      nullable: true,
      description:
        'The beginning of the last message, redacted, 500 characters at most; null when not reported.',
    }),
    outputPreview: t.exposeString('outputPreview', {
      nullable: true,
      description: 'The beginning of the answer, redacted, 500 characters at most; null when there was none.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the call began.' }),
  }),
});

builder.queryField('inferenceLogs', (t) =>
  t.connection(
    {
      type: InferenceLog,
      description:
        'Telemetry of calls to models, newest first, personal data and secrets already redacted. For ADMIN and OPERATOR.',
      args: {
        conversationId: t.arg.id({ description: 'Only calls for this conversation.' }),
        status: t.arg({ type: InferenceStatus, description: 'Only calls that ended so.' }),
        model: t.arg.string({ description: 'Only calls to the model of this id.' }),
      },
      complexity: ({ first, last }) => ({ field: 1, multiplier: first ?? last ?? DEFAULT_PAGE_SIZE }),
      resolve: async (_root, args, { prisma, viewer }) => {
        requireRole(viewer, TELEMETRY_READERS);
        const where: Prisma.InferenceLogWhereInput = {
          ...(args.conversationId != null && { conversationId: conversationIdIn(args.conversationId) }),
          ...(args.status && { status: args.status }),
          ...(args.model != null && { model: storable(args.model) }),
        };
        const page = await readPage(args, newestFirst, (query) =>
          prisma.inferenceLog.findMany({ ...rangeOf(where, query) }),
        );
        return { ...page, where };
      },
    },
    {
      name: 'InferenceLogConnection',
      description: 'A page of the log of calls.',
      fields: (connection) => ({
        totalCount: connection.int({
          description:
            'How many there are in all. Counted when asked for, so it costs more the more there are.',
          resolve: (page, _args, { prisma }) =>
            prisma.inferenceLog.count({ where: (page as unknown as Filtered).where }),
        }),
      }),
    },
    { name: 'InferenceLogEdge', description: 'One call in a page, with its cursor.' },
  ),
);

interface Filtered {
  where: Prisma.InferenceLogWhereInput;
}

/** By the time of the call, then by id: what the indexes are ordered by. */
interface CallKey {
  at: Date;
  id: string;
}

const newestFirst: Keyset<InferenceLogRow, CallKey> = {
  keyOf: ({ createdAt, id }) => ({ at: createdAt, id }),
  encode: ({ at, id }) => Buffer.from(`${at.getTime()}.${id}`).toString('base64url'),
  decode(cursor) {
    const [ms = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split('.');
    const at = new Date(Number(ms));
    return /^\d{1,15}$/.test(ms) && isUuid(id) && !Number.isNaN(at.getTime()) ? { at, id } : null;
  },
};

function rangeOf(
  where: Prisma.InferenceLogWhereInput,
  { after, before, take, backwards }: PageQuery<CallKey>,
): Prisma.InferenceLogFindManyArgs {
  const direction = backwards ? 'asc' : 'desc';
  return {
    where: {
      AND: [where, ...(after ? [beyond(after, 'lt')] : []), ...(before ? [beyond(before, 'gt')] : [])],
    },
    orderBy: [{ createdAt: direction }, { id: direction }],
    take,
  };
}

function beyond({ at, id }: CallKey, side: 'lt' | 'gt'): Prisma.InferenceLogWhereInput {
  const inclusive = side === 'lt' ? 'lte' : 'gte';
  // The first condition repeats a part of the second for the index to begin at.
  return {
    createdAt: { [inclusive]: at },
    OR: [{ createdAt: { [side]: at } }, { createdAt: at, id: { [side]: id } }],
  };
}

function conversationIdIn(nodeId: string): string {
  const node = fromNodeId(nodeId);
  if (node?.type !== 'Conversation') throw badInput('conversationId', 'not the id of a conversation');
  return node.id;
}
