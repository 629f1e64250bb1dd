-- The references that drift is measured against. The newest of a channel counts.
CREATE TABLE driftBaseline (
    number     INTEGER PRIMARY KEY CHECK (number >= 1),
    model      TEXT    NOT NULL REFERENCES model (name),
    channel    TEXT,                                           -- null for all traffic of the model
    how        TEXT    NOT NULL CHECK (how IN ('chosen', 'learned')),
    windowFrom INTEGER NOT NULL,
    windowTo   INTEGER NOT NULL,
    requests   INTEGER NOT NULL CHECK (requests > 0),
    release    INTEGER,                                        -- the one whose promotion opened it
    referenceModel  BLOB    CHECK (length(referenceModel) = 32),         -- the reference model that scored its prompts
    reference  BLOB    NOT NULL REFERENCES blob (digest),
    reason     TEXT    CHECK (reason <> ''),
    setBy      TEXT    NOT NULL,
    setAt      INTEGER NOT NULL,
    seq        INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    FOREIGN KEY (model, release) REFERENCES release (model, number),
    CHECK (windowFrom < windowTo),
    CHECK ((how = 'learned') = (release IS NOT NULL))
) STRICT;

CREATE INDEX driftBaseline_by_model ON driftBaseline (model, channel, number);
CREATE INDEX driftBaseline_by_release ON driftBaseline (model, release);
CREATE INDEX driftBaseline_by_reference ON driftBaseline (reference);

CREATE TABLE drift (
    number     INTEGER PRIMARY KEY CHECK (number >= 1),
    model      TEXT    NOT NULL REFERENCES model (name),
    channel    TEXT,
    baseline   INTEGER NOT NULL REFERENCES driftBaseline (number),
    windowFrom INTEGER NOT NULL,
    windowTo   INTEGER NOT NULL,
    requests   INTEGER NOT NULL CHECK (requests > 0),
    verdict    TEXT    NOT NULL CHECK (verdict IN ('learning', 'none', 'changed', 'ticket', 'page')),
    sentence   TEXT    NOT NULL CHECK (sentence <> ''),
    leading    TEXT,
    moved      TEXT    NOT NULL CHECK (json_valid(moved)),
    evidence   BLOB    NOT NULL REFERENCES blob (digest),
    askedBy    TEXT    NOT NULL,
    askedAt    INTEGER NOT NULL,
    seq        INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    CHECK (windowFrom < windowTo)
) STRICT;

CREATE INDEX drift_by_model ON drift (model, number);
CREATE INDEX drift_by_baseline ON drift (baseline);
CREATE INDEX drift_by_evidence ON drift (evidence);
