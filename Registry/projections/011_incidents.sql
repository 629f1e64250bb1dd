-- What burned or failed. A channel has at most one open incident of each family: what comes on top is written there.
CREATE TABLE incident (
    number      INTEGER PRIMARY KEY CHECK (number >= 1),
    model       TEXT    NOT NULL REFERENCES model (name),
    family      TEXT    NOT NULL CHECK (family IN ('availability', 'quality', 'latency', 'engine', 'traffic', 'drift', 'store')),
    release     INTEGER,                                       -- the one that answered
    rollout     INTEGER REFERENCES rollout (number),
    event       TEXT    NOT NULL CHECK (json_valid(event)),    -- with what became known since
    openedBy    TEXT    NOT NULL,
    openedAt    INTEGER NOT NULL,
    closed      TEXT    CHECK (closed IS NULL OR json_valid(closed)), -- the body of the event that closed it
    closedBy    TEXT,
    closedAt    INTEGER,
    seq         INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    finishedSeq INTEGER UNIQUE REFERENCES event (seq),
    FOREIGN KEY (model, release) REFERENCES release (model, number),
    CHECK (json_extract(event, '$.title') <> ''),
    CHECK (json_array_length(event, '$.samples') <= 40),
    CHECK (json_extract(closed, '$.reason') <> ''),
    CHECK ((closedAt IS NULL) = (closedBy IS NULL)),
    CHECK ((closedAt IS NULL) = (closed IS NULL)),
    CHECK ((closedAt IS NULL) = (finishedSeq IS NULL))
) STRICT;

CREATE UNIQUE INDEX incident_open ON incident (model, family, ifnull(json_extract(event, '$.channel'), ''))
    WHERE closedAt IS NULL;
CREATE INDEX incident_by_state ON incident ((closedAt IS NULL), number);
CREATE INDEX incident_by_model_and_state ON incident (model, (closedAt IS NULL), number);
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
