-- The messages that wait for the answer before them to end, and messages that only acknowledge what is being spoken.
ALTER TABLE "conversations"
    ADD COLUMN "queued" JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN "last_acknowledgement_id" UUID;
ALTER TABLE "messages"
    ADD COLUMN "acknowledged_turn_id" UUID,
    ADD COLUMN "acknowledged_offset" INTEGER,
    ADD CONSTRAINT "messages_acknowledged_check" CHECK (num_nulls("acknowledged_turn_id", "acknowledged_offset") IN (0, 2));
-- For the sweep: a process of the release before leaves what waits where it is.
CREATE INDEX "conversations_queue_idx" ON "conversations"("id") WHERE queued <> '[]'::jsonb AND pending_turn_id IS NULL;
