-- The requests of one day and what was said of them. Texts are in the segment beside this file; a row names the block.
CREATE TABLE request (
    seq                INTEGER PRIMARY KEY,                    -- in the order of arrival here
    id                 TEXT    NOT NULL UNIQUE CHECK (length(id) = 26),
    time               INTEGER NOT NULL,                       -- when it ended, ms since 1970
    model              TEXT    NOT NULL,
    asked              TEXT    NOT NULL,                       -- the reference as the caller wrote it
    channel            TEXT,
    release            INTEGER NOT NULL,
    version            INTEGER NOT NULL,
    promptName         TEXT    NOT NULL,
    promptVersion      INTEGER NOT NULL,
    arm                TEXT    NOT NULL CHECK (arm IN ('live', 'holdback', 'pinned')),
    source             TEXT    NOT NULL CHECK (source IN ('user', 'replay', 'health')),
    key                TEXT    NOT NULL,
    unit               TEXT,                                   -- keyed hash of the user or conversation
    isStreamed         INTEGER NOT NULL CHECK (isStreamed IN (0, 1)),
    outcome            TEXT    NOT NULL,
    status             INTEGER NOT NULL,
    finish             TEXT,
    promptTokens       INTEGER CHECK (promptTokens >= 0),
    outputTokens       INTEGER CHECK (outputTokens >= 0),
    queueSeconds       REAL    CHECK (queueSeconds >= 0),
    firstTokenSeconds  REAL    CHECK (firstTokenSeconds >= 0),
    perTokenSeconds    REAL    CHECK (perTokenSeconds >= 0),
    longestGapSeconds  REAL    CHECK (longestGapSeconds >= 0),
    totalSeconds       REAL    NOT NULL CHECK (totalSeconds >= 0),
    isOutputValid      INTEGER CHECK (isOutputValid IN (0, 1)),
    meanLogProbability REAL,
    seed               INTEGER NOT NULL,                       -- 64 bits, shown as unsigned
    capture            TEXT    NOT NULL CHECK (capture IN ('off', 'metadata', 'redacted')),
    body               TEXT    NOT NULL CHECK (body IN ('none', 'variables', 'messages', 'tooLarge', 'lost')),
    blockStart         INTEGER CHECK (blockStart >= 0),
    blockBytes         INTEGER CHECK (blockBytes > 0),
    blockLine          INTEGER CHECK (blockLine >= 0),
    redaction          INTEGER,                                -- version of the rules
    descriptors        BLOB,
    isCorrect          INTEGER CHECK (isCorrect IN (0, 1)),    -- what the labels say together
    isLiked            INTEGER CHECK (isLiked IN (0, 1)),
    correction         TEXT,
    CHECK ((body IN ('variables', 'messages'))
        = (blockStart IS NOT NULL AND blockBytes IS NOT NULL AND blockLine IS NOT NULL AND redaction IS NOT NULL))
) STRICT;
CREATE INDEX request_time ON request (time, id);

CREATE TABLE label (
    seq        INTEGER PRIMARY KEY,
    request    INTEGER NOT NULL REFERENCES request (seq),
    key        TEXT    NOT NULL,                               -- who said it
    at         INTEGER NOT NULL,                               -- ms since 1970
    isCorrect  INTEGER CHECK (isCorrect IN (0, 1)),
    isLiked    INTEGER CHECK (isLiked IN (0, 1)),
    correction TEXT,
    comment    TEXT
) STRICT;
CREATE INDEX label_request ON label (request);

-- Counts that a page shows, written with the rows.
CREATE TABLE tally (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    requests INTEGER NOT NULL CHECK (requests >= 0),
    texts    INTEGER NOT NULL CHECK (texts >= 0),              -- requests whose texts can be read
    labelled INTEGER NOT NULL CHECK (labelled >= 0)            -- requests of which something was said
) STRICT;
INSERT INTO tally VALUES (1, 0, 0, 0);
