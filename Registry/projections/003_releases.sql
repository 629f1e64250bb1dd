CREATE TABLE release (
    model        TEXT    NOT NULL,
    number       INTEGER NOT NULL CHECK (number >= 1),
    version      INTEGER NOT NULL,
    prompt       TEXT    NOT NULL,
    promptNumber INTEGER NOT NULL,
    digest       BLOB    NOT NULL CHECK (length(digest) = 32),
    event        TEXT    NOT NULL CHECK (json_valid(event)),
    createdBy    TEXT    NOT NULL,
    createdAt    INTEGER NOT NULL,
    seq          INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    PRIMARY KEY (model, number),
    UNIQUE (model, digest),                                    -- equal content is the same release
    FOREIGN KEY (model, version) REFERENCES version (model, number),
    FOREIGN KEY (prompt, promptNumber) REFERENCES prompt (name, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX release_by_version ON release (model, version);
CREATE INDEX release_by_prompt ON release (prompt, promptNumber);

-- Releases that were taken back from a channel, and need new evidence before they may go there again.
CREATE TABLE rejection (
    seq         INTEGER PRIMARY KEY REFERENCES event (seq),
    model       TEXT    NOT NULL,
    release     INTEGER NOT NULL,
    channel     TEXT,                                          -- null: everywhere
    reason      TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    finishedSeq INTEGER REFERENCES event (seq),                -- the move or the settling that ended it
    FOREIGN KEY (model, release) REFERENCES release (model, number)
) STRICT;

CREATE INDEX rejection_by_release ON rejection (model, release);
CREATE INDEX rejection_in_force ON rejection (model, release) WHERE finishedSeq IS NULL;
