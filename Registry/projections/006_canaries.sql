CREATE TABLE canary (
    number           INTEGER PRIMARY KEY CHECK (number >= 1),
    candidateModel   TEXT    NOT NULL,
    candidateRelease INTEGER NOT NULL,
    baselineModel    TEXT    NOT NULL,
    baselineRelease  INTEGER NOT NULL,
    traffic          TEXT    NOT NULL REFERENCES traffic (name),
    trafficDigest    BLOB    NOT NULL CHECK (length(trafficDigest) = 32),
    document         TEXT    NOT NULL,
    documentDigest   BLOB    NOT NULL CHECK (length(documentDigest) = 32),
    requests         INTEGER NOT NULL CHECK (requests > 0),
    seed             INTEGER NOT NULL,                         -- 64 bits, shown as unsigned
    state            TEXT    NOT NULL CHECK (state IN ('running', 'judged', 'stopped')),
    verdict          TEXT    CHECK (verdict IN ('pass', 'marginal', 'inconclusive', 'fail')),
    summary          TEXT,
    evidence         BLOB    REFERENCES blob (digest),
    requestsNeeded   INTEGER,
    failedChecks     TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(failedChecks)),
    startedBy        TEXT    NOT NULL,
    startedAt        INTEGER NOT NULL,
    finishedAt       INTEGER,
    seq              INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    finishedSeq      INTEGER UNIQUE REFERENCES event (seq),
    FOREIGN KEY (candidateModel, candidateRelease) REFERENCES release (model, number),
    FOREIGN KEY (baselineModel, baselineRelease) REFERENCES release (model, number),
    CHECK ((state = 'judged') = (verdict IS NOT NULL)),
    CHECK ((state = 'judged') = (evidence IS NOT NULL)),
    CHECK ((state = 'running') = (finishedAt IS NULL)),
    CHECK ((state = 'running') = (finishedSeq IS NULL)),
    CHECK ((state = 'running') = (summary IS NULL))
) STRICT;

CREATE INDEX canary_by_candidate ON canary (candidateModel, candidateRelease, number);
CREATE INDEX canary_by_baseline ON canary (baselineModel, baselineRelease);
CREATE INDEX canary_by_state ON canary (state, number);
CREATE INDEX canary_by_traffic ON canary (traffic);
CREATE INDEX canary_by_evidence ON canary (evidence);

CREATE TABLE evaluation (
    number      INTEGER PRIMARY KEY CHECK (number >= 1),
    model       TEXT    NOT NULL,
    release     INTEGER NOT NULL,
    suite       TEXT    NOT NULL REFERENCES traffic (name),
    suiteDigest BLOB    NOT NULL CHECK (length(suiteDigest) = 32),
    cases       INTEGER NOT NULL CHECK (cases >= 0),
    state       TEXT    NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'finished', 'stopped')),
    scores      TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(scores)),
    evidence    BLOB    REFERENCES blob (digest),
    summary     TEXT,                                          -- why it stopped
    startedBy   TEXT    NOT NULL,
    startedAt   INTEGER NOT NULL,
    endedAt     INTEGER,
    seq         INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    finishedSeq INTEGER UNIQUE REFERENCES event (seq),
    FOREIGN KEY (model, release) REFERENCES release (model, number),
    CHECK ((state = 'finished') = (evidence IS NOT NULL)),
    CHECK ((state = 'stopped') = (summary IS NOT NULL)),
    CHECK ((state = 'running') = (endedAt IS NULL)),
    CHECK ((state = 'running') = (finishedSeq IS NULL))
) STRICT;

CREATE INDEX evaluation_by_release ON evaluation (model, release, number);
CREATE INDEX evaluation_by_state ON evaluation (state, number);
CREATE INDEX evaluation_by_suite ON evaluation (suite);
CREATE INDEX evaluation_by_evidence ON evaluation (evidence);
