CREATE TABLE key (
    name      TEXT    PRIMARY KEY,                             -- stays taken after it was revoked
    role      TEXT    NOT NULL CHECK (role IN ('caller', 'reader', 'publisher', 'deployer', 'admin')),
    capture   TEXT    NOT NULL CHECK (capture IN ('off', 'metadata', 'redacted')),  -- what is kept of its requests
    deadlineMilliseconds INTEGER CHECK (deadlineMilliseconds > 0),  -- what its requests may take; null: as the server says
    tokenHash BLOB    NOT NULL UNIQUE CHECK (length(tokenHash) = 32),
    createdBy TEXT    NOT NULL,
    createdAt INTEGER NOT NULL,
    revokedAt INTEGER,
    ordinal   INTEGER NOT NULL UNIQUE CHECK (ordinal >= 1),    -- without gaps
    seq       INTEGER NOT NULL UNIQUE REFERENCES event (seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX key_working_by_role ON key (role, createdAt, name) WHERE revokedAt IS NULL;
