-- Every change of a conversation is one statement that names the version it was decided on. What it means for listeners stands
-- in its outbox, in order, until it is published.
ALTER TABLE "conversations"
    ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "outbox" JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN "outbox_count" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "outbox_since" TIMESTAMPTZ(3),
    ADD COLUMN "recent_commits" JSONB NOT NULL DEFAULT '[]';

CREATE INDEX "conversations_outbox_since_idx" ON "conversations"("outbox_since") WHERE "outbox_since" IS NOT NULL;
