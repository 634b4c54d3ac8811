import type { QueuedMessage } from '../core/domain/queued-message.ts';
import type * as Vocabulary from '../core/domain/vocabulary.ts';
import type * as Inference from '../core/inference/inference-record.ts';
import type { CutTurn, OutboxEntry } from '../core/store/outbox.ts';
import type { TurnRest as Rest } from '../core/store/turn-rest.ts';

declare global {
  /**
   * What the database lets into columns of text and JSON, by the names in schema.prisma: its CHECK constraints repeat the
   * words of the vocabulary, and nothing but core/turns writes the JSON.
   */
  namespace Columns {
    type ConversationStatus = Vocabulary.ConversationStatus;
    type Pacing = Vocabulary.Pacing;
    type TurnCause = Vocabulary.TurnCause;
    type ModelErrorCode = Vocabulary.ModelErrorCode;
    type MessageRole = Vocabulary.MessageRole;
    type MessageStatus = Vocabulary.MessageStatus;
    type InterruptionReason = Vocabulary.InterruptionReason;
    type InferenceStatus = Inference.InferenceStatus;
    type Outbox = readonly OutboxEntry[];
    type Role = Vocabulary.Role;
    type PersonRole = Vocabulary.PersonRole;
    type ApiScope = Vocabulary.ApiScope;
    type CommitIds = readonly string[];
    type Queued = readonly QueuedMessage[];
    type RecentlyCut = readonly CutTurn[];
    type ModelFallback = Vocabulary.ModelFallback;
    type RestEnding = Rest['ending'];
  }
}
