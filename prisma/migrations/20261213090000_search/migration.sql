-- The index of the search in messages: see core/search. Its words begin with a key of the owner. The workers write it, soon
-- after a message: triggers name the messages whose words changed, whichever version of the program writes them.
CREATE TABLE "message_words" (
    "message_id" UUID NOT NULL,
    "owner_key" TEXT NOT NULL,
    -- How many words the message has.
    "size" INTEGER NOT NULL,
    "words" TSVECTOR NOT NULL,

    CONSTRAINT "message_words_pkey" PRIMARY KEY ("message_id")
)
-- The words are beside the rows, so that a common word with many matches reads few pages.
WITH (toast_tuple_target = 128);
ALTER TABLE "message_words" ALTER COLUMN "words" SET STORAGE EXTERNAL;
ALTER TABLE "message_words" ADD CONSTRAINT "message_words_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE RESTRICT;
CREATE INDEX "message_words_owner_key_message_id_idx" ON "message_words"("owner_key", "message_id");
-- Without a list of pending entries, which each look-up would read from end to end.
CREATE INDEX "message_words_words_idx" ON "message_words" USING GIN ("words") WITH (fastupdate = off);

-- Messages whose words are to be written, in the order of their changes, one can be there more than once.
CREATE TABLE "messages_to_index" (
    "id" BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
    "message_id" UUID NOT NULL,

    CONSTRAINT "messages_to_index_pkey" PRIMARY KEY ("id")
);

-- One row: how far the messages have been indexed that were there before, from the newest to the oldest.
CREATE TABLE "search_progress" (
    "id" BOOLEAN NOT NULL DEFAULT true,
    -- The languages whose stems the index has.
    "languages" TEXT NOT NULL,
    -- Older messages than this one are still to be indexed, null: none.
    "before" UUID,

    CONSTRAINT "search_progress_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "search_progress_id_check" CHECK ("id")
);
INSERT INTO "search_progress" ("languages", "before") VALUES ('', 'ffffffff-ffff-ffff-ffff-ffffffffffff');

-- By the rights of their owner: those who write messages for a caller may not read what is waiting. Migrations are split at
-- semicolons, also within a text: \x3b is one.
CREATE FUNCTION "index_message"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS E'
BEGIN
    INSERT INTO messages_to_index (message_id) VALUES (NEW.id)\x3b
    RETURN NULL\x3b
END';
CREATE FUNCTION "index_moved_conversation"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS E'
BEGIN
    INSERT INTO messages_to_index (message_id) SELECT id FROM messages WHERE conversation_id = NEW.id\x3b
    RETURN NULL\x3b
END';
CREATE TRIGGER "messages_added" AFTER INSERT ON "messages" FOR EACH ROW EXECUTE FUNCTION "index_message"();
CREATE TRIGGER "messages_changed" AFTER UPDATE OF "content" ON "messages" FOR EACH ROW
    WHEN (OLD.content IS DISTINCT FROM NEW.content) EXECUTE FUNCTION "index_message"();
CREATE TRIGGER "conversations_moved" AFTER UPDATE OF "owner", "tenant" ON "conversations" FOR EACH ROW
    WHEN ((OLD.owner, OLD.tenant) IS DISTINCT FROM (NEW.owner, NEW.tenant)) EXECUTE FUNCTION "index_moved_conversation"();

-- The newest messages that match, not newer than `newest`, newest first, at most `most`. A word that is in many messages is
-- found by reading the newest of the owner, any other by the index, whose entries of a rare word are few. Sequential scans,
-- which the planner prefers for a common word, would read every owner's words.
CREATE FUNCTION "search_candidates"(key text, query tsquery, exact tsquery, newest uuid, most integer, near integer)
    RETURNS TABLE ("id" uuid, "word_count" integer, "is_exact" boolean)
    LANGUAGE sql STABLE SET enable_seqscan = off SET search_path FROM CURRENT AS $$
    WITH nearest AS MATERIALIZED (
        SELECT w.message_id, w.size, w.words @@ query AS is_match, w.words @@ exact AS is_exact
        FROM (SELECT * FROM message_words WHERE owner_key = key AND message_id <= newest
              ORDER BY message_id DESC LIMIT near) AS w),
    facts AS MATERIALIZED (
        SELECT count(*) < near OR count(*) FILTER (WHERE is_match) >= most AS is_enough FROM nearest),
    matching AS MATERIALIZED (
        SELECT message_id FROM message_words WHERE words @@ query AND NOT (SELECT is_enough FROM facts)),
    chosen AS MATERIALIZED (
        SELECT message_id FROM matching WHERE message_id <= newest ORDER BY message_id DESC LIMIT most)
    (SELECT message_id, size, is_exact FROM nearest
        WHERE is_match AND (SELECT is_enough FROM facts) ORDER BY message_id DESC LIMIT most)
    UNION ALL
    SELECT w.message_id, w.size, w.words @@ exact FROM chosen JOIN message_words w USING (message_id)
$$;
