-- What the model is told about how to answer in a conversation, null when nothing.
ALTER TABLE "conversations" ADD COLUMN "instructions" TEXT;
