-- Whose data was erased, as a hash: records of their calls that were under way are stored without text, ids and owner.
CREATE TABLE "erasures" (
    "person" TEXT NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "erasures_pkey" PRIMARY KEY ("person")
);

-- By id, so that an export reads the calls of an owner in pages.
CREATE INDEX "inference_logs_tenant_owner_id_idx" ON "inference_logs"("tenant", "owner", "id") WHERE (owner IS NOT NULL);
DROP INDEX "inference_logs_tenant_owner_idx";
