import { isUuid } from '../../../core/domain/ids.ts';
import type { CallFilter, CallKey } from '../../../core/store/inference-logs.ts';
import { storable } from '../../../core/text/storable.ts';
import type { InferenceLog as InferenceLogRow } from '../../../generated/prisma/client.ts';
import { READS_TELEMETRY, telemetryOf } from '../auth-scopes.ts';
import { badInput } from '../bad-input.ts';
import { builder } from '../builder.ts';
import { fromNodeId } from '../ids.ts';
import { DEFAULT_PAGE_SIZE, type Keyset, readPage } from '../page.ts';
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
      authScopes: READS_TELEMETRY,
      resolve: async (_root, args, { inferenceLogs, viewer }) => {
        const of = telemetryOf(viewer);
        const filter: CallFilter = {
          conversationId: args.conversationId == null ? undefined : conversationIdIn(args.conversationId),
          status: args.status ?? undefined,
          model: args.model == null ? undefined : storable(args.model),
        };
        const page = await readPage(args, newestFirst, (query) => inferenceLogs.list(of, filter, query));
        return { ...page, filter };
      },
    },
    {
      name: 'InferenceLogConnection',
      description: 'A page of inference logs.',
      fields: (connection) => ({
        totalCount: connection.int({
          description:
            'How many calls there are in all pages. They are counted when this is selected, which costs more the more there are.',
          resolve: (page, _args, { inferenceLogs, viewer }) =>
            inferenceLogs.count(telemetryOf(viewer), (page as unknown as Filtered).filter),
        }),
      }),
    },
    { name: 'InferenceLogEdge', description: 'One call in a page, with its cursor.' },
  ),
);

interface Filtered {
  filter: CallFilter;
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

function conversationIdIn(nodeId: string): string {
  const node = fromNodeId(nodeId);
  if (node?.type !== 'Conversation') throw badInput('conversationId', 'not the id of a conversation');
  return node.id;
}
