-- Codes that a failure may have.
ALTER TABLE "inference_logs"
    DROP CONSTRAINT "inference_logs_error_code_check",
    ADD CONSTRAINT "inference_logs_error_code_check" CHECK ("error_code" IN ('RATE_LIMITED', 'QUOTA_EXCEEDED', 'MODEL_NOT_FOUND', 'PERMISSION_DENIED', 'SERVICE_UNAVAILABLE', 'TIMEOUT', 'CONTENT_BLOCKED', 'CONTEXT_TOO_LONG', 'NO_ANSWER', 'UNKNOWN'));

-- What makes createConversation idempotent, and which model a pending turn was asked of where it is not the conversation's.
ALTER TABLE "conversations"
    ADD COLUMN "client_conversation_id" UUID,
    ADD COLUMN "pending_turn_model" TEXT,
    DROP CONSTRAINT "conversations_pending_turn_cause_check",
    ADD CONSTRAINT "conversations_pending_turn_cause_check" CHECK ("pending_turn_cause" IN ('GREETING', 'USER_MESSAGE', 'IDLE_NUDGE', 'REGENERATION')),
    ADD CONSTRAINT "conversations_pending_turn_model_check" CHECK ("pending_turn_model" IS NULL OR "pending_turn_id" IS NOT NULL),
    DROP CONSTRAINT "conversations_failure_code_check",
    ADD CONSTRAINT "conversations_failure_code_check" CHECK ("failure_code" IN ('RATE_LIMITED', 'QUOTA_EXCEEDED', 'MODEL_NOT_FOUND', 'PERMISSION_DENIED', 'SERVICE_UNAVAILABLE', 'TIMEOUT', 'CONTENT_BLOCKED', 'CONTEXT_TOO_LONG', 'NO_ANSWER', 'UNKNOWN'));

CREATE UNIQUE INDEX "conversations_owner_client_conversation_id_key" ON "conversations"("owner", "client_conversation_id") WHERE (client_conversation_id IS NOT NULL);

-- Why an answer was cut off, and why the newest answer to a message failed.
ALTER TABLE "messages"
    ADD COLUMN "interruption_reason" TEXT,
    ADD COLUMN "failed_turn_id" UUID,
    ADD COLUMN "failure_code" TEXT,
    ADD COLUMN "failure_retryable" BOOLEAN,
    ADD CONSTRAINT "messages_interruption_reason_check" CHECK ("interruption_reason" IS NULL OR "status" = 'INTERRUPTED' AND "interruption_reason" IN ('USER_MESSAGE', 'CANCELLED', 'CONVERSATION_ENDED', 'MODEL_FAILED', 'SHUTDOWN')),
    ADD CONSTRAINT "messages_failure_code_check" CHECK ("failure_code" IN ('RATE_LIMITED', 'QUOTA_EXCEEDED', 'MODEL_NOT_FOUND', 'PERMISSION_DENIED', 'SERVICE_UNAVAILABLE', 'TIMEOUT', 'CONTENT_BLOCKED', 'CONTEXT_TOO_LONG', 'NO_ANSWER', 'UNKNOWN')),
    ADD CONSTRAINT "messages_failure_check" CHECK (num_nulls("failed_turn_id", "failure_code", "failure_retryable") IN (0, 3));

-- A failure belongs to the message that was not answered: only that of a greeting stays with the conversation.
UPDATE "messages" SET "failed_turn_id" = c."failed_turn_id", "failure_code" = c."failure_code", "failure_retryable" = c."failure_retryable"
    FROM "conversations" c
    WHERE c."failed_turn_id" IS NOT NULL AND "messages"."conversation_id" = c."id" AND "messages"."turn_id" = c."failed_turn_id" AND "messages"."role" = 'USER';
UPDATE "messages" SET "interruption_reason" = 'MODEL_FAILED'
    FROM "conversations" c
    WHERE c."failed_turn_id" = "messages"."id" AND "messages"."status" = 'INTERRUPTED';
UPDATE "conversations" SET "failed_turn_id" = NULL, "failure_code" = NULL, "failure_retryable" = NULL
    WHERE "failed_turn_id" IN (SELECT "failed_turn_id" FROM "messages" WHERE "failed_turn_id" IS NOT NULL);

-- Which turn a request to answer again has begun, so that repeating the request begins no other.
CREATE TABLE "regenerations" (
    "conversation_id" UUID NOT NULL,
    "client_request_id" UUID NOT NULL,
    "turn_id" UUID NOT NULL,

    CONSTRAINT "regenerations_pkey" PRIMARY KEY ("conversation_id", "client_request_id")
);
ALTER TABLE "regenerations" ADD CONSTRAINT "regenerations_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE RESTRICT;
