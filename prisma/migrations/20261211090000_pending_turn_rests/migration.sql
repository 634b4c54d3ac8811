-- What is still to be spoken, at a reader's pace, of a pending turn whose model has finished: one per conversation. The commit
-- that ends the turn deletes it.
CREATE TABLE "pending_turn_rests" (
    "conversation_id" UUID NOT NULL,
    "turn_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "spoken" INTEGER NOT NULL,
    "tokens" INTEGER NOT NULL,
    "model" TEXT NOT NULL,
    "fallback" JSONB,
    "ending" JSONB NOT NULL,
    "reading_wpm" INTEGER NOT NULL,

    CONSTRAINT "pending_turn_rests_pkey" PRIMARY KEY ("conversation_id")
);
ALTER TABLE "pending_turn_rests" ADD CONSTRAINT "pending_turn_rests_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE RESTRICT;
