-- What burned or failed. A model has at most one open incident of each family: what comes on top is written there.
CREATE TABLE incident (
    number       INTEGER PRIMARY KEY CHECK (number >= 1),
    model        TEXT    NOT NULL REFERENCES model (name),
    family       TEXT    NOT NULL CHECK (family IN ('availability', 'quality', 'latency', 'engine', 'drift')),
    severity     TEXT    NOT NULL CHECK (severity IN ('page', 'ticket')),
    title        TEXT    NOT NULL CHECK (title <> ''),
    sentence     TEXT    NOT NULL,
    facts        TEXT    NOT NULL CHECK (json_valid(facts)),
    channel      TEXT,
    release      INTEGER,                                      -- the one that answered
    rollout      INTEGER REFERENCES rollout (number),
    lastMoves    TEXT    NOT NULL CHECK (json_valid(lastMoves)),
    samples      TEXT    NOT NULL CHECK (json_valid(samples) AND json_array_length(samples) <= 40),
    openedBy     TEXT    NOT NULL,
    openedAt     INTEGER NOT NULL,
    closedBy     TEXT,
    closedAt     INTEGER,
    closedReason TEXT    CHECK (closedReason <> ''),
    seq          INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    finishedSeq  INTEGER UNIQUE REFERENCES event (seq),
    FOREIGN KEY (model, release) REFERENCES release (model, number),
    CHECK ((closedAt IS NULL) = (closedBy IS NULL)),
    CHECK ((closedAt IS NULL) = (closedReason IS NULL)),
    CHECK ((closedAt IS NULL) = (finishedSeq IS NULL))
) STRICT;

CREATE UNIQUE INDEX incident_open ON incident (model, family) WHERE closedAt IS NULL;
CREATE INDEX incident_by_model ON incident (model, number);
CREATE INDEX incident_by_release ON incident (model, release);
CREATE INDEX incident_by_rollout ON incident (rollout);

-- The timeline of each incident, in the order of the log.
CREATE TABLE incidentEntry (
    seq      INTEGER PRIMARY KEY REFERENCES event (seq),
    incident INTEGER NOT NULL REFERENCES incident (number),
    kind     TEXT    NOT NULL CHECK (kind IN ('opened', 'updated', 'noted', 'closed')),
    text     TEXT    NOT NULL CHECK (text <> ''),
    by       TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

CREATE INDEX incidentEntry_by_incident ON incidentEntry (incident, seq);
