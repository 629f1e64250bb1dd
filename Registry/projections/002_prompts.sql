CREATE TABLE prompt (
    name     TEXT    NOT NULL,
    number   INTEGER NOT NULL CHECK (number >= 1),
    digest   BLOB    NOT NULL CHECK (length(digest) = 32),
    event    TEXT    NOT NULL CHECK (json_valid(event)),
    pushedBy TEXT    NOT NULL,
    pushedAt INTEGER NOT NULL,
    seq      INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    PRIMARY KEY (name, number)
) STRICT, WITHOUT ROWID;
