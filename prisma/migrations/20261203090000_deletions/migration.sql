-- A conversation that is deleted leaves its id here until those who listen to it were told, whatever dies meanwhile.
CREATE TABLE "deletions" (
    "conversation_id" UUID NOT NULL,
    "deleted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "deletions_pkey" PRIMARY KEY ("conversation_id")
);
