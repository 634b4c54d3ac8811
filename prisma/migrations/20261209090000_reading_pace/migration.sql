-- The pace READING, and its words a minute: null is that of the installation.
ALTER TABLE "conversations"
    ADD COLUMN "reading_wpm" INTEGER,
    ADD CONSTRAINT "conversations_reading_wpm_check" CHECK ("reading_wpm" BETWEEN 150 AND 900),
    DROP CONSTRAINT "conversations_pacing_check",
    ADD CONSTRAINT "conversations_pacing_check" CHECK ("pacing" IN ('HUMAN', 'READING', 'INSTANT'));
