import { isUuid } from '../../../core/domain/ids.ts';
import { storable } from '../../../core/text/storable.ts';
import type { InferenceLog as InferenceLogRow, Prisma } from '../../../generated/prisma/client.ts';
import { badInput } from '../bad-input.ts';
import { builder } from '../builder.ts';
import { fromNodeId } from '../ids.ts';
import { DEFAULT_PAGE_SIZE, type Keyset, type PageQuery, readPage } from '../page.ts';
import { requireRole, TELEMETRY_READERS } from '../role.ts';
import { InferenceStatus } from '../types/enums.ts';
import { InferenceLog } from '../types/inference-log.ts';

builder.queryField('inferenceLogs', (t) =>
  t.connection(
    {
      type: InferenceLog,
      description:
        'Telemetry of calls to models, newest first, personal data and secrets already redacted. For ADMIN and OPERATOR.',
      args: {
        conversationId: t.arg.id({ description: 'Only calls for this conversation.' }),
        status: t.arg({ type: InferenceStatus, description: 'Only calls that ended with this status.' }),
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
      description: 'A page of inference logs.',
      fields: (connection) => ({
        totalCount: connection.int({
          description:
            'How many calls there are in all pages. They are counted when this is selected, which costs more the more there are.',
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
  // The first condition repeats a part of the second, so that the index scan can start there.
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
