-- Releases that came into a channel and were, or are, watched there. One rollout per move, so a release is returned
-- at most once per promotion.
CREATE TABLE rollout (
    number      INTEGER PRIMARY KEY CHECK (number >= 1),
    model       TEXT    NOT NULL,
    channel     TEXT    NOT NULL,
    release     INTEGER NOT NULL,
    fromRelease INTEGER,                                       -- keeps the held-back share; null: nothing to go back to
    move        INTEGER NOT NULL UNIQUE,                       -- the move that brought the release
    event       TEXT    NOT NULL CHECK (json_valid(event)),
    state       TEXT    NOT NULL DEFAULT 'probation'
        CHECK (state IN ('probation', 'settled', 'returned', 'rolledBack', 'superseded', 'aborted')),
    crashes     INTEGER NOT NULL DEFAULT 0 CHECK (crashes >= 0),
    outcome     TEXT    CHECK (outcome IS NULL OR json_valid(outcome)), -- the body of the event that ended it
    incident    INTEGER REFERENCES incident (number),
    startedBy   TEXT    NOT NULL,
    startedAt   INTEGER NOT NULL,
    endedBy     TEXT,
    endedAt     INTEGER,
    seq         INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    finishedSeq INTEGER UNIQUE REFERENCES event (seq),
    FOREIGN KEY (model, channel, move) REFERENCES channelMove (model, channel, seq),
    FOREIGN KEY (model, release) REFERENCES release (model, number),
    FOREIGN KEY (model, fromRelease) REFERENCES release (model, number),
    CHECK (json_extract(event, '$.probationSeconds') > 0),
    CHECK (json_extract(event, '$.holdback') BETWEEN 0 AND 0.5),
    CHECK (fromRelease IS NOT release),
    CHECK (fromRelease IS NOT NULL OR json_extract(event, '$.holdback') = 0),
    CHECK ((state = 'probation') = (endedAt IS NULL)),
    CHECK ((state = 'probation') = (endedBy IS NULL)),
    CHECK ((state = 'probation') = (outcome IS NULL)),
    CHECK ((state = 'probation') = (finishedSeq IS NULL)),
    CHECK ((state = 'returned') = (json_extract(outcome, '$.cause') IS NOT NULL)),
    CHECK (state NOT IN ('settled', 'returned') OR json_extract(outcome, '$.result') IS NOT NULL),
    CHECK (incident IS NULL OR state = 'returned')
) STRICT;

CREATE UNIQUE INDEX rollout_active ON rollout (model, channel) WHERE state = 'probation';
CREATE INDEX rollout_by_model ON rollout (model);
CREATE INDEX rollout_by_channel ON rollout (model, channel, number);
CREATE INDEX rollout_by_release ON rollout (model, release, number);
CREATE INDEX rollout_by_release_left ON rollout (model, fromRelease);
CREATE INDEX rollout_by_incident ON rollout (incident);

-- Channels to which nobody may promote until a person lifts the hold.
CREATE TABLE hold (
    seq         INTEGER PRIMARY KEY REFERENCES event (seq),
    model       TEXT    NOT NULL REFERENCES model (name),
    channel     TEXT    NOT NULL,
    rollout     INTEGER REFERENCES rollout (number),
    event       TEXT    NOT NULL CHECK (json_valid(event)),
    placedBy    TEXT    NOT NULL,
    placedAt    INTEGER NOT NULL,
    lifted      TEXT    CHECK (lifted IS NULL OR json_valid(lifted)), -- the body of the event that lifted it
    liftedBy    TEXT,
    liftedAt    INTEGER,
    finishedSeq INTEGER UNIQUE REFERENCES event (seq),
    FOREIGN KEY (model, channel) REFERENCES channel (model, channel),
    CHECK (json_extract(event, '$.reason') <> ''),
    CHECK (json_extract(lifted, '$.reason') <> ''),
    CHECK ((liftedAt IS NULL) = (liftedBy IS NULL)),
    CHECK ((liftedAt IS NULL) = (lifted IS NULL)),
    CHECK ((liftedAt IS NULL) = (finishedSeq IS NULL))
) STRICT;

CREATE UNIQUE INDEX hold_active ON hold (model, channel) WHERE liftedAt IS NULL;
CREATE INDEX hold_active_by_time ON hold (seq) WHERE liftedAt IS NULL;
CREATE INDEX hold_active_by_model ON hold (model) WHERE liftedAt IS NULL;
CREATE INDEX hold_by_channel ON hold (model, channel);
CREATE INDEX hold_by_rollout ON hold (rollout);

-- Every time the server process ended while it ran a release.
CREATE TABLE releaseCrash (
    seq     INTEGER PRIMARY KEY REFERENCES event (seq),
    model   TEXT    NOT NULL,
    release INTEGER NOT NULL,
    rollout INTEGER REFERENCES rollout (number),
    why     TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    FOREIGN KEY (model, release) REFERENCES release (model, number)
) STRICT;

CREATE INDEX releaseCrash_by_release ON releaseCrash (model, release);
CREATE INDEX releaseCrash_by_rollout ON releaseCrash (rollout);
