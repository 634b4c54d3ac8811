-- Why the newest answer failed, for whoever opens the conversation later.
ALTER TABLE "conversations"
    ADD COLUMN "failed_turn_id" UUID,
    ADD COLUMN "failure_code" TEXT,
    ADD COLUMN "failure_retryable" BOOLEAN,
    ADD CONSTRAINT "conversations_failure_code_check" CHECK ("failure_code" IN ('RATE_LIMITED', 'QUOTA_EXCEEDED', 'MODEL_NOT_FOUND', 'PERMISSION_DENIED', 'SERVICE_UNAVAILABLE', 'TIMEOUT', 'CONTENT_BLOCKED', 'UNKNOWN')),
    ADD CONSTRAINT "conversations_failure_check" CHECK (num_nulls("failed_turn_id", "failure_code", "failure_retryable") IN (0, 3));

-- System messages are always part of what a model is given, however far back they are.
CREATE INDEX "messages_system_idx" ON "messages"("conversation_id", "id") WHERE (role = 'SYSTEM');

-- The log of calls, of one model.
CREATE INDEX "inference_logs_model_created_at_id_idx" ON "inference_logs"("model", "created_at" DESC, "id" DESC);
