import type { Seen } from '../../../core/store/outbox.ts';
import { builder } from '../builder.ts';
import { toNodeId } from '../ids.ts';

export const TurnPosition = builder.objectRef<Seen>('TurnPosition').implement({
  description: 'A place in the text of a turn.',
  fields: (t) => ({
    turnId: t.id({
      description: 'The turn that it is a place of.',
      resolve: ({ turnId }) => toNodeId('Message', turnId),
    }),
    offset: t.exposeInt('offset', {
      description:
        "The length of the turn's text before the place, in UTF-16 code units, as in TurnTextAdded.",
    }),
  }),
});
