-- Samples of one canary. `run` has one row: what this file belongs to, and how far the run came.
CREATE TABLE run (
    only             INTEGER PRIMARY KEY CHECK (only = 1),
    canary           INTEGER NOT NULL CHECK (canary >= 1),
    seed             INTEGER NOT NULL,                         -- 64 bits, shown as unsigned
    requests         INTEGER NOT NULL CHECK (requests > 0),
    repeats          INTEGER NOT NULL CHECK (repeats > 0),
    trafficDigest    BLOB    NOT NULL CHECK (length(trafficDigest) = 32),
    documentDigest   BLOB    NOT NULL CHECK (length(documentDigest) = 32),
    baselineDigest   BLOB    NOT NULL CHECK (length(baselineDigest) = 32),
    candidateDigest  BLOB    NOT NULL CHECK (length(candidateDigest) = 32),
    engineNumerics   INTEGER NOT NULL,
    elapsedSeconds   REAL    NOT NULL DEFAULT 0 CHECK (elapsedSeconds >= 0),
    resumed          INTEGER NOT NULL DEFAULT 0 CHECK (resumed >= 0)
) STRICT;

CREATE TABLE sample (
    position           INTEGER NOT NULL CHECK (position >= 0), -- place in the drawn order
    request            TEXT    NOT NULL CHECK (request <> ''), -- id within the traffic set
    arm                TEXT    NOT NULL CHECK (arm IN ('baseline', 'candidate')),
    repeat             INTEGER NOT NULL CHECK (repeat >= 0),
    ranFirst           INTEGER NOT NULL CHECK (ranFirst IN (0, 1)),
    status             TEXT    NOT NULL CHECK (status IN ('ok', 'failed')),
    text               TEXT,
    error              TEXT,
    finish             TEXT,                                   -- why the answer ended, in the engine's word
    promptTokens       INTEGER CHECK (promptTokens >= 0),
    outputTokens       INTEGER CHECK (outputTokens >= 0),
    ttftSeconds        REAL    CHECK (ttftSeconds >= 0),
    tpotSeconds        REAL    CHECK (tpotSeconds >= 0),
    totalSeconds       REAL    CHECK (totalSeconds >= 0),
    answerScore        REAL,                                   -- log-probability of the baseline's answer, summed
    answerScoreTokens  INTEGER CHECK (answerScoreTokens >= 0), -- tokens summed over
    metrics            TEXT    NOT NULL CHECK (json_valid(metrics)),
    PRIMARY KEY (position, repeat, arm),
    UNIQUE (request, arm, repeat),
    CHECK ((status = 'failed') = (error IS NOT NULL)),
    CHECK ((status = 'ok') = (text IS NOT NULL)),
    CHECK ((answerScore IS NULL) = (answerScoreTokens IS NULL))
) STRICT;
