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
    rejected     TEXT,                                         -- why it may not be promoted again
    rejectedAt   INTEGER,
    seq          INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    PRIMARY KEY (model, number),
    UNIQUE (model, digest),                                    -- equal content is the same release
    FOREIGN KEY (model, version) REFERENCES version (model, number),
    FOREIGN KEY (prompt, promptNumber) REFERENCES prompt (name, number),
    CHECK ((rejected IS NULL) = (rejectedAt IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX release_by_version ON release (model, version);
CREATE INDEX release_by_prompt ON release (prompt, promptNumber);
