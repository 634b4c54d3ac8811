-- The latest turns that were cut to what the caller had on the screen, with that length.
ALTER TABLE "conversations" ADD COLUMN "recently_seen" JSONB NOT NULL DEFAULT '[]';
