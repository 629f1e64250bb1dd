-- The references that drift is measured against. The newest of a channel counts.
CREATE TABLE driftBaseline (
    number    INTEGER PRIMARY KEY CHECK (number >= 1),
    model     TEXT    NOT NULL REFERENCES model (name),
    channel   TEXT,                                            -- null for all traffic of the model
    release   INTEGER,                                         -- the one whose promotion opened it
    reference BLOB    NOT NULL REFERENCES blob (digest),
    event     TEXT    NOT NULL CHECK (json_valid(event)),
    setBy     TEXT    NOT NULL,
    setAt     INTEGER NOT NULL,
    seq       INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    FOREIGN KEY (model, release) REFERENCES release (model, number),
    CHECK (json_extract(event, '$.window.requests') > 0),
    CHECK (json_extract(event, '$.window.from') < json_extract(event, '$.window.to')), -- RFC 3339, so in order of time
    CHECK (json_extract(event, '$.reason') <> ''),
    CHECK ((json_extract(event, '$.how') = 'learned') = (release IS NOT NULL))
) STRICT;

CREATE INDEX driftBaseline_by_model ON driftBaseline (model);
CREATE INDEX driftBaseline_by_channel ON driftBaseline (model, channel, number);
CREATE INDEX driftBaseline_by_release ON driftBaseline (model, release);
CREATE INDEX driftBaseline_by_reference ON driftBaseline (reference);

CREATE TABLE drift (
    number   INTEGER PRIMARY KEY CHECK (number >= 1),
    model    TEXT    NOT NULL REFERENCES model (name),
    baseline INTEGER NOT NULL REFERENCES driftBaseline (number),
    evidence BLOB    NOT NULL REFERENCES blob (digest),
    event    TEXT    NOT NULL CHECK (json_valid(event)),
    askedBy  TEXT    NOT NULL,
    askedAt  INTEGER NOT NULL,
    seq      INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    CHECK (json_extract(event, '$.window.requests') > 0),
    CHECK (json_extract(event, '$.window.from') < json_extract(event, '$.window.to')),
    CHECK (json_extract(event, '$.sentence') <> '')
) STRICT;

CREATE INDEX drift_by_model ON drift (model, number);
CREATE INDEX drift_by_baseline ON drift (baseline);
CREATE INDEX drift_by_evidence ON drift (evidence);
