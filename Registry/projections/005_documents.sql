CREATE TABLE document (
    kind      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    revision  INTEGER NOT NULL CHECK (revision >= 1),          -- the highest one is in force
    event     TEXT    NOT NULL CHECK (json_valid(event)),
    appliedBy TEXT    NOT NULL,
    appliedAt INTEGER NOT NULL,
    seq       INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    PRIMARY KEY (kind, name, revision)
) STRICT, WITHOUT ROWID;
