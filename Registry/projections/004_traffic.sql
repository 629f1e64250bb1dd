CREATE TABLE traffic (
    name       TEXT    PRIMARY KEY,                            -- frozen: the name never means other requests
    digest     BLOB    NOT NULL REFERENCES blob (digest),
    sizeBytes  INTEGER NOT NULL CHECK (sizeBytes > 0),
    requests   INTEGER NOT NULL CHECK (requests > 0),
    labelled   INTEGER NOT NULL CHECK (labelled BETWEEN 0 AND requests),
    frozenFrom TEXT,                                           -- null for a set that was imported
    importedBy TEXT    NOT NULL,
    importedAt INTEGER NOT NULL,
    seq        INTEGER NOT NULL UNIQUE REFERENCES event (seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX traffic_by_digest ON traffic (digest);
