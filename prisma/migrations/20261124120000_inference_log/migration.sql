-- An answer is spoken, and so stored, long after the call that made it has ended and was logged.
ALTER TABLE "inference_logs" DROP CONSTRAINT "inference_logs_message_id_fkey";

-- Whether the tokens were counted by the provider.
ALTER TABLE "inference_logs" ADD COLUMN "tokens_estimated" BOOLEAN NOT NULL DEFAULT false;
