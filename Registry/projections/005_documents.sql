CREATE TABLE document (
    kind      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    revision  INTEGER NOT NULL CHECK (revision >= 1),          -- the highest one is in force
    digest    BLOB    NOT NULL CHECK (length(digest) = 32),
    source    TEXT    NOT NULL,
    shipped   INTEGER NOT NULL CHECK (shipped IN (0, 1)),
    appliedBy TEXT    NOT NULL,
    appliedAt INTEGER NOT NULL,
    seq       INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    PRIMARY KEY (kind, name, revision)
) STRICT, WITHOUT ROWID;
