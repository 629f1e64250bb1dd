CREATE TABLE decision (
    number    INTEGER PRIMARY KEY CHECK (number >= 1),
    model     TEXT    NOT NULL,
    release   INTEGER NOT NULL,
    channel   TEXT    NOT NULL,
    event     TEXT    NOT NULL CHECK (json_valid(event)),
    decidedBy TEXT    NOT NULL,
    decidedAt INTEGER NOT NULL,
    seq       INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    FOREIGN KEY (model, release) REFERENCES release (model, number)
) STRICT;

CREATE INDEX decision_by_model ON decision (model);
CREATE INDEX decision_by_channel ON decision (model, channel);
CREATE INDEX decision_by_channel_of_all ON decision (channel);
CREATE INDEX decision_by_release ON decision (model, release, number);
