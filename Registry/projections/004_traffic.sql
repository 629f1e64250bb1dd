CREATE TABLE traffic (
    name       TEXT    PRIMARY KEY,                            -- frozen: the name never means other requests
    digest     BLOB    NOT NULL REFERENCES blob (digest),
    event      TEXT    NOT NULL CHECK (json_valid(event)),
    importedBy TEXT    NOT NULL,
    importedAt INTEGER NOT NULL,
    ordinal    INTEGER NOT NULL UNIQUE CHECK (ordinal >= 1),   -- without gaps
    seq        INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    CHECK (json_extract(event, '$.sizeBytes') > 0),
    CHECK (json_extract(event, '$.requests') > 0),
    CHECK (json_extract(event, '$.labelled') BETWEEN 0 AND json_extract(event, '$.requests'))
) STRICT, WITHOUT ROWID;

CREATE INDEX traffic_by_digest ON traffic (digest);
