-- Whether silence is answered with a nudge, then the end. It was in every conversation before.
ALTER TABLE "conversations" ADD COLUMN "idle_timeout" BOOLEAN NOT NULL DEFAULT true;
