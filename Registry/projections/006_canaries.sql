CREATE TABLE canary (
    number           INTEGER PRIMARY KEY CHECK (number >= 1),
    candidateModel   TEXT    NOT NULL,
    candidateRelease INTEGER NOT NULL,
    baselineModel    TEXT    NOT NULL,
    baselineRelease  INTEGER NOT NULL,
    traffic          TEXT    NOT NULL REFERENCES traffic (name),
    event            TEXT    NOT NULL CHECK (json_valid(event)),
    state            TEXT    NOT NULL CHECK (state IN ('running', 'judged', 'stopped')),
    outcome          TEXT    CHECK (outcome IS NULL OR json_valid(outcome)), -- the body of the event that ended it
    evidence         BLOB    REFERENCES blob (digest),
    startedBy        TEXT    NOT NULL,
    startedAt        INTEGER NOT NULL,
    finishedAt       INTEGER,
    seq              INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    finishedSeq      INTEGER UNIQUE REFERENCES event (seq),
    FOREIGN KEY (candidateModel, candidateRelease) REFERENCES release (model, number),
    FOREIGN KEY (baselineModel, baselineRelease) REFERENCES release (model, number),
    CHECK (json_extract(event, '$.requests') > 0),
    CHECK ((state = 'judged') = (evidence IS NOT NULL)),
    CHECK ((state = 'running') = (outcome IS NULL)),
    CHECK ((state = 'running') = (finishedAt IS NULL)),
    CHECK ((state = 'running') = (finishedSeq IS NULL))
) STRICT;

CREATE INDEX canary_by_model ON canary (candidateModel);
CREATE INDEX canary_by_model_and_state ON canary (candidateModel, state);
CREATE INDEX canary_by_candidate ON canary (candidateModel, candidateRelease, number);
CREATE INDEX canary_by_baseline ON canary (baselineModel, baselineRelease);
CREATE INDEX canary_by_state ON canary (state, number);
CREATE INDEX canary_by_traffic ON canary (traffic);
CREATE INDEX canary_by_evidence ON canary (evidence);

CREATE TABLE evaluation (
    number     INTEGER PRIMARY KEY CHECK (number >= 1),
    model      TEXT    NOT NULL,
    release    INTEGER NOT NULL,
    suite      TEXT    NOT NULL REFERENCES traffic (name),
    evidence   BLOB    NOT NULL REFERENCES blob (digest),
    event      TEXT    NOT NULL CHECK (json_valid(event)),
    finishedBy TEXT    NOT NULL,
    finishedAt INTEGER NOT NULL,
    seq        INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    FOREIGN KEY (model, release) REFERENCES release (model, number)
) STRICT;

CREATE INDEX evaluation_by_model ON evaluation (model);
CREATE INDEX evaluation_by_model_and_suite ON evaluation (model, suite);
CREATE INDEX evaluation_by_release ON evaluation (model, release, number);
CREATE INDEX evaluation_by_suite ON evaluation (suite);
CREATE INDEX evaluation_by_evidence ON evaluation (evidence);

-- Evaluations that somebody asked for, until they have a result, which is in `evaluation` under the same number. The
-- first builds did not write down what was asked for.
CREATE TABLE evaluationJob (
    number    INTEGER PRIMARY KEY CHECK (number >= 1),
    state     TEXT    NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'finished', 'stopped')),
    model     TEXT    NOT NULL,
    release   INTEGER NOT NULL,
    suite     TEXT    NOT NULL REFERENCES traffic (name),
    event     TEXT    NOT NULL CHECK (json_valid(event)),
    reason    TEXT,                                            -- why it stopped
    startedBy TEXT    NOT NULL,
    startedAt INTEGER NOT NULL,
    seq       INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    finishedSeq INTEGER UNIQUE REFERENCES event (seq),
    FOREIGN KEY (model, release) REFERENCES release (model, number),
    CHECK ((state = 'stopped') = (reason IS NOT NULL)),
    CHECK ((state = 'running') = (finishedSeq IS NULL))
) STRICT;

CREATE INDEX evaluationJob_open ON evaluationJob (number) WHERE state <> 'finished';
CREATE INDEX evaluationJob_open_by_model ON evaluationJob (model, number) WHERE state <> 'finished';
CREATE INDEX evaluationJob_by_state ON evaluationJob (state, number);
CREATE INDEX evaluationJob_by_release ON evaluationJob (model, release);
CREATE INDEX evaluationJob_by_suite ON evaluationJob (suite);
