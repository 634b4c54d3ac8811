-- An owner is a person or a service within a tenant. The unique index of owners alone stays for one release: processes of the version before name it.
ALTER TABLE "conversations" ADD COLUMN "tenant" TEXT NOT NULL DEFAULT 'default';

CREATE UNIQUE INDEX "conversations_tenant_owner_client_conversation_id_key" ON "conversations"("tenant", "owner", "client_conversation_id") WHERE (client_conversation_id IS NOT NULL);
CREATE INDEX "conversations_tenant_owner_last_activity_at_id_idx" ON "conversations"("tenant", "owner", "last_activity_at" DESC, "id" DESC);
CREATE INDEX "conversations_tenant_owner_status_last_activity_at_id_idx" ON "conversations"("tenant", "owner", "status", "last_activity_at" DESC, "id" DESC);
DROP INDEX "conversations_owner_last_activity_at_id_idx";
DROP INDEX "conversations_owner_status_last_activity_at_id_idx";

-- Whose call it was, also when it has no conversation any more.
ALTER TABLE "inference_logs" ADD COLUMN "tenant" TEXT NOT NULL DEFAULT 'default', ADD COLUMN "owner" TEXT;
UPDATE "inference_logs" SET "owner" = "conversations"."owner" FROM "conversations" WHERE "conversations"."id" = "inference_logs"."conversation_id";

CREATE INDEX "inference_logs_tenant_created_at_id_idx" ON "inference_logs"("tenant", "created_at" DESC, "id" DESC);
CREATE INDEX "inference_logs_tenant_owner_idx" ON "inference_logs"("tenant", "owner") WHERE (owner IS NOT NULL);

CREATE TABLE "api_tokens" (
    "id" UUID NOT NULL,
    "tenant" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[] NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_tokens_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "api_tokens_role_check" CHECK ("role" IN ('USER', 'ADMIN', 'OPERATOR', 'SERVICE')),
    CONSTRAINT "api_tokens_scopes_check" CHECK ("scopes" <@ ARRAY['CONVERSATIONS_READ', 'CONVERSATIONS_WRITE', 'TELEMETRY_READ', 'TELEMETRY_WRITE'])
);

CREATE UNIQUE INDEX "api_tokens_hash_key" ON "api_tokens"("hash");
CREATE INDEX "api_tokens_tenant_owner_id_idx" ON "api_tokens"("tenant", "owner", "id");
