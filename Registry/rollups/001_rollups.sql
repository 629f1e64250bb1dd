-- Counts by minute, kept long after the requests themselves. A row is added to, never replaced by less.
CREATE TABLE series (
    id         INTEGER PRIMARY KEY,
    slo        TEXT    NOT NULL,
    definition BLOB    NOT NULL CHECK (length(definition) = 32), -- how the SLO counts
    model      TEXT    NOT NULL,
    release    INTEGER NOT NULL,
    arm        TEXT    NOT NULL CHECK (arm IN ('live', 'holdback', 'pinned')),
    UNIQUE (slo, definition, model, release, arm)
) STRICT;

CREATE TABLE sli (
    series  INTEGER NOT NULL REFERENCES series (id),
    start   INTEGER NOT NULL,                                    -- seconds since 1970
    seconds INTEGER NOT NULL CHECK (seconds IN (10, 60)),
    valid   INTEGER NOT NULL CHECK (valid >= 0),
    bad     INTEGER NOT NULL CHECK (bad >= 0),
    CHECK (start % seconds = 0),
    CHECK (bad <= valid),
    PRIMARY KEY (series, start, seconds)
) STRICT, WITHOUT ROWID;
CREATE INDEX sli_fine ON sli (start) WHERE seconds = 10;

CREATE TABLE traffic (
    minute       INTEGER NOT NULL CHECK (minute % 60 = 0),       -- its start, seconds since 1970
    model        TEXT    NOT NULL,
    release      INTEGER NOT NULL,
    arm          TEXT    NOT NULL CHECK (arm IN ('live', 'holdback', 'pinned')),
    requests     INTEGER NOT NULL CHECK (requests >= 0),
    outcomes     TEXT    NOT NULL CHECK (json_valid(outcomes)),  -- requests by outcome
    promptTokens INTEGER NOT NULL CHECK (promptTokens >= 0),
    outputTokens INTEGER NOT NULL CHECK (outputTokens >= 0),
    latencies    BLOB,                                           -- histograms, as the caller encodes them
    PRIMARY KEY (minute, model, release, arm)
) STRICT, WITHOUT ROWID;

CREATE TABLE drift (
    model   TEXT    NOT NULL,
    release INTEGER NOT NULL,
    epoch   TEXT    NOT NULL,                                    -- which reference and which descriptors it is measured by
    start   INTEGER NOT NULL,                                    -- seconds since 1970
    seconds INTEGER NOT NULL CHECK (seconds IN (60, 3600)),
    summary BLOB    NOT NULL,                                    -- mergeable, as the caller encodes it
    CHECK (start % seconds = 0),
    PRIMARY KEY (model, release, epoch, start, seconds)
) STRICT, WITHOUT ROWID;
CREATE INDEX drift_start ON drift (seconds, start);

-- How far other logs were counted, written with the counts.
CREATE TABLE mark (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
