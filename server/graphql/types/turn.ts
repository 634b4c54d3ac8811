import type { TurnCause as Cause, ModelFallback as Fallback } from '../../../core/domain/vocabulary.ts';
import { modelAskedFor } from '../../../core/store/conversation-reads.ts';
import type { Conversation as ConversationRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { toNodeId } from '../ids.ts';
import { liveStateOf } from '../live-state.ts';
import { TurnCause, TurnState } from './enums.ts';
import { Model, shownModel } from './model.ts';
import { ModelFallback } from './model-fallback.ts';

/** A turn that has not ended. Times are Unix milliseconds. */
export interface ActiveTurn {
  id: string;
  state: 'PENDING' | 'SPEAKING';
  cause: Cause;
  model: string;
  fallback?: Fallback;
  text: string;
  startedAt: number | null;
}

export const Turn = builder.objectRef<ActiveTurn>('Turn').implement({
  description: 'One answer, from the message that it answers to its one terminal event.',
  fields: (t) => ({
    turnId: t.id({
      description: 'The id of the message that it becomes; the same as `turnId` of its events.',
      resolve: ({ id }) => toNodeId('Message', id),
    }),
    state: t.field({
      type: TurnState,
      description: 'Whether it has begun.',
      resolve: ({ state }) => state,
    }),
    cause: t.field({ type: TurnCause, description: 'Why the AI speaks.', resolve: ({ cause }) => cause }),
    model: t.field({
      type: Model,
      description: 'The model that answers; while the turn is PENDING, the requested one.',
      resolve: ({ model }, _args, { models }) => shownModel(models, model),
    }),
    fallback: t.field({
      type: ModelFallback,
      nullable: true,
      description: 'Set when another model answers instead of the requested one; null otherwise.',
      resolve: ({ fallback }) => fallback ?? null,
    }),
    text: t.exposeString('text', {
      description: 'What has been spoken so far; empty before the first word.',
    }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its TurnStarted was published; null while it is PENDING.',
      resolve: ({ startedAt }) => (startedAt === null ? null : new Date(startedAt)),
    }),
  }),
});

/** The turn that is being spoken, otherwise the one that is pending; null when there is neither. */
export async function activeTurnOf(
  row: ConversationRow,
  context: GraphQLContext,
): Promise<ActiveTurn | null> {
  const { turn } = await liveStateOf(row, context);
  if (turn) return { ...turn, state: 'SPEAKING' };
  const { pendingTurnId: id, pendingTurnCause: cause } = row;
  if (!id || !cause) return null;
  const { model } = context.models.resolve(modelAskedFor(row));
  return { id, state: 'PENDING', cause, model: model.id, text: '', startedAt: null };
}
