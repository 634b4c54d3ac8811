-- A conversation is a tree of messages, one branch of which is visible. Visible messages follow each other by id, so only a
-- hidden one names the message before it, or the conversation if it is a first one. Both columns are null in all messages there are: nothing is rewritten.
ALTER TABLE "messages"
    ADD COLUMN "parent_id" UUID,
    ADD COLUMN "hidden_since" INTEGER,
    ADD COLUMN "input_tokens" INTEGER,
    ADD COLUMN "output_tokens" INTEGER,
    ADD COLUMN "duration_ms" INTEGER,
    ADD CONSTRAINT "messages_hidden_check" CHECK (hidden_since IS NULL OR parent_id IS NOT NULL),
    ADD CONSTRAINT "messages_usage_check" CHECK (num_nulls("input_tokens", "output_tokens") IN (0, 2));
CREATE INDEX "messages_visible_idx" ON "messages"("conversation_id", "id") WHERE hidden_since IS NULL;
CREATE INDEX "messages_hidden_idx" ON "messages"("conversation_id", "parent_id", "id") WHERE hidden_since IS NOT NULL;
