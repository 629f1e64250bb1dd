-- Every move of a channel, in the order of the log.
CREATE TABLE channelMove (
    seq         INTEGER PRIMARY KEY REFERENCES event (seq),
    model       TEXT    NOT NULL,
    channel     TEXT    NOT NULL,
    fromRelease INTEGER,                                       -- null for the first move
    toRelease   INTEGER NOT NULL,
    decision    INTEGER REFERENCES decision (number),
    settled     INTEGER NOT NULL CHECK (settled IN (0, 1)),    -- whether a rollback may go back; rollout.settled sets it
    event       TEXT    NOT NULL CHECK (json_valid(event)),
    movedBy     TEXT    NOT NULL,
    movedAt     INTEGER NOT NULL,
    UNIQUE (model, channel, seq),
    CHECK (fromRelease IS NOT toRelease),
    FOREIGN KEY (model, fromRelease) REFERENCES release (model, number),
    FOREIGN KEY (model, toRelease) REFERENCES release (model, number)
) STRICT;

CREATE INDEX channelMove_by_model ON channelMove (model);
CREATE INDEX channelMove_by_release ON channelMove (model, toRelease);
CREATE INDEX channelMove_by_release_left ON channelMove (model, fromRelease);
CREATE INDEX channelMove_by_decision ON channelMove (decision);
-- Where a rollback may go, however many moves came since.
CREATE INDEX channelMove_settled ON channelMove (model, channel, seq) WHERE settled = 1;

-- Where each channel points now: one row, so one live release.
CREATE TABLE channel (
    model   TEXT    NOT NULL,
    channel TEXT    NOT NULL,
    release INTEGER NOT NULL,
    seq     INTEGER NOT NULL,                                  -- the move that brought it there
    prompt  TEXT    NOT NULL,                                  -- what the release asks with
    how     TEXT    NOT NULL,                                  -- how it came there
    PRIMARY KEY (model, channel),
    FOREIGN KEY (model, release) REFERENCES release (model, number),
    FOREIGN KEY (model, channel, seq) REFERENCES channelMove (model, channel, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX channel_by_prompt ON channel (prompt, model, channel);
CREATE INDEX channel_by_how ON channel (how, model, channel);
CREATE INDEX channel_by_release ON channel (model, release);
