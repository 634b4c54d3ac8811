-- CreateTable
CREATE TABLE "conversations" (
    "id" UUID NOT NULL,
    "owner" TEXT NOT NULL,
    "title" TEXT,
    "status" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "pacing" TEXT NOT NULL,
    "message_count" INTEGER NOT NULL DEFAULT 0,
    "last_message_preview" TEXT,
    "last_activity_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "last_turn_id" UUID,
    "pending_turn_id" UUID,
    "pending_turn_cause" TEXT,

    CONSTRAINT "conversations_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "conversations_status_check" CHECK ("status" IN ('ACTIVE', 'COMPLETED', 'CANCELLED')),
    CONSTRAINT "conversations_pacing_check" CHECK ("pacing" IN ('HUMAN', 'INSTANT')),
    CONSTRAINT "conversations_message_count_check" CHECK ("message_count" >= 0),
    CONSTRAINT "conversations_pending_turn_cause_check" CHECK ("pending_turn_cause" IN ('GREETING', 'USER_MESSAGE', 'IDLE_NUDGE')),
    CONSTRAINT "conversations_pending_turn_check" CHECK (("pending_turn_id" IS NULL) = ("pending_turn_cause" IS NULL))
);

-- CreateTable
CREATE TABLE "messages" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "client_message_id" UUID,
    "turn_id" UUID,
    "role" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "model" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "messages_role_check" CHECK ("role" IN ('USER', 'ASSISTANT', 'SYSTEM')),
    CONSTRAINT "messages_status_check" CHECK ("status" IN ('COMPLETED', 'INTERRUPTED'))
);

-- CreateTable
CREATE TABLE "inference_logs" (
    "id" UUID NOT NULL,
    "conversation_id" UUID,
    "message_id" UUID,
    "model" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "latency_ms" INTEGER NOT NULL,
    "time_to_first_token_ms" INTEGER,
    "input_tokens" INTEGER NOT NULL,
    "output_tokens" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "error_code" TEXT,
    "error_message" TEXT,
    "input_preview" TEXT,
    "output_preview" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inference_logs_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "inference_logs_status_check" CHECK ("status" IN ('SUCCESS', 'ERROR', 'ABORTED')),
    CONSTRAINT "inference_logs_error_code_check" CHECK ("error_code" IN ('RATE_LIMITED', 'QUOTA_EXCEEDED', 'MODEL_NOT_FOUND', 'PERMISSION_DENIED', 'SERVICE_UNAVAILABLE', 'TIMEOUT', 'CONTENT_BLOCKED', 'UNKNOWN')),
    CONSTRAINT "inference_logs_measures_check" CHECK ("latency_ms" >= 0 AND "time_to_first_token_ms" >= 0 AND "input_tokens" >= 0 AND "output_tokens" >= 0)
);

-- CreateIndex
CREATE INDEX "conversations_owner_last_activity_at_id_idx" ON "conversations"("owner", "last_activity_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "conversations_owner_status_last_activity_at_id_idx" ON "conversations"("owner", "status", "last_activity_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "conversations_pending_turn_id_idx" ON "conversations"("pending_turn_id") WHERE ("pending_turn_id" IS NOT NULL);

-- CreateIndex
CREATE INDEX "messages_conversation_id_id_idx" ON "messages"("conversation_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "messages_conversation_id_client_message_id_key" ON "messages"("conversation_id", "client_message_id");

-- CreateIndex
CREATE INDEX "inference_logs_created_at_id_idx" ON "inference_logs"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "inference_logs_conversation_id_created_at_id_idx" ON "inference_logs"("conversation_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "inference_logs_status_created_at_id_idx" ON "inference_logs"("status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "inference_logs_message_id_idx" ON "inference_logs"("message_id");

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "inference_logs" ADD CONSTRAINT "inference_logs_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "inference_logs" ADD CONSTRAINT "inference_logs_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE SET NULL ON UPDATE RESTRICT;
