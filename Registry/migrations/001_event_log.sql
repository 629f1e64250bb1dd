-- The log: the only truth of the registry. Every other table, except the two below, is a projection of it.
-- hash = SHA-256 over: seq and time as 8 bytes each (big-endian), then actor, kind, subject and body, each as
-- 8 bytes of length (big-endian) and its UTF-8 bytes, then the 32 bytes of prev. The first prev is all zero.
CREATE TABLE event (
    seq     INTEGER PRIMARY KEY CHECK (seq >= 1),
    time    INTEGER NOT NULL,                            -- milliseconds since 1970-01-01 UTC
    actor   TEXT    NOT NULL CHECK (actor <> ''),
    kind    TEXT    NOT NULL CHECK (kind <> ''),
    subject TEXT    NOT NULL CHECK (subject <> ''),
    body    TEXT    NOT NULL CHECK (json_valid(body)),   -- canonical JSON
    prev    BLOB    NOT NULL CHECK (length(prev) = 32),
    hash    BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX event_by_kind ON event (kind, seq);
CREATE INDEX event_by_subject ON event (subject, seq);

CREATE TRIGGER event_is_gapless BEFORE INSERT ON event
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
    OR NEW.prev IS NOT coalesce((SELECT hash FROM event ORDER BY seq DESC LIMIT 1), zeroblob(32))
BEGIN SELECT RAISE(ABORT, 'the event log continues at its end, without gaps'); END;

CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

-- Answers to commands that were sent with a key, so that a retry gets the first answer. Not a projection: a retry
-- after a rebuild gets it too. Kept for 7 days, at most the last 10,000.
CREATE TABLE idempotency (
    id          INTEGER PRIMARY KEY,
    actor       TEXT    NOT NULL,
    key         TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    fingerprint BLOB    NOT NULL CHECK (length(fingerprint) = 32),   -- SHA-256 of what was asked
    firstSeq    INTEGER NOT NULL CHECK (firstSeq >= 1),
    lastSeq     INTEGER NOT NULL CHECK (lastSeq >= firstSeq - 1),    -- firstSeq - 1: nothing had to change
    time        INTEGER NOT NULL,
    UNIQUE (actor, key)
) STRICT;

CREATE INDEX idempotency_by_time ON idempotency (time);

-- What this file knows of itself: `projections` is the SHA-256 of the SQL that made the projections. A build with
-- other SQL drops and replays them when it opens the file.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
