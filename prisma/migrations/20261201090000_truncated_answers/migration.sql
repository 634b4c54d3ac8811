-- Whether the model stopped at its limit of tokens, in the middle of what it had to say. It was not recorded before.
ALTER TABLE "messages"
    ADD COLUMN "is_truncated" BOOLEAN NOT NULL DEFAULT false,
    ADD CONSTRAINT "messages_is_truncated_check" CHECK (NOT "is_truncated" OR "role" = 'ASSISTANT' AND "status" = 'COMPLETED');
