-- From here on the last acknowledged event is kept a second time, in the file beside this one whose name ends in `.head`.
-- The setting `head` is made with the first such file: a folder that has it and no file has lost it.
-- The digest of an answer to a command covers what no event says; rows from before have none.
ALTER TABLE idempotency ADD COLUMN digest BLOB CHECK (digest IS NULL OR length(digest) = 32);
