-- Bytes that events refer to. A row exists only after the file was synced under its digest.
CREATE TABLE blob (
    digest    BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    sizeBytes INTEGER NOT NULL CHECK (sizeBytes >= 0),
    seq       INTEGER NOT NULL REFERENCES event (seq)          -- the first event that refers to it
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
    name        TEXT    PRIMARY KEY,
    displayName TEXT    UNIQUE,                                -- what it is called where it comes from
    ordinal     INTEGER NOT NULL UNIQUE CHECK (ordinal >= 1),  -- without gaps, so that the highest is how many there are
    seq         INTEGER NOT NULL REFERENCES event (seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX model_by_display_name ON model (lower(displayName));

-- Here and below `event` is the body of the event that made the row, with all of its facts. What a query looks for
-- has a column beside it, so that a new fact needs none.
CREATE TABLE version (
    model          TEXT    NOT NULL REFERENCES model (name),
    number         INTEGER NOT NULL CHECK (number >= 1),
    manifestDigest BLOB    NOT NULL CHECK (length(manifestDigest) = 32),
    filesDigest    BLOB    NOT NULL CHECK (length(filesDigest) = 32), -- of files and base alone, wherever they come from
    weightsDigest  BLOB    CHECK (length(weightsDigest) = 32),         -- null for a version without weights
    event          TEXT    NOT NULL CHECK (json_valid(event)),
    publishedBy    TEXT    NOT NULL,
    publishedAt    INTEGER NOT NULL,
    quarantined    TEXT,                                       -- why it is not loaded any more
    lineage        TEXT CHECK (lineage IS NULL OR json_valid(lineage)),           -- where it came from, when that was said later
    seq            INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    PRIMARY KEY (model, number),
    UNIQUE (model, manifestDigest)                             -- equal content is the same version
) STRICT, WITHOUT ROWID;

CREATE INDEX version_by_files ON version (model, filesDigest, number);
CREATE INDEX version_by_weights ON version (model, weightsDigest, number);
CREATE INDEX version_quarantined ON version (seq) WHERE quarantined IS NOT NULL;

CREATE TABLE versionFile (
    model  TEXT    NOT NULL,
    number INTEGER NOT NULL,
    path   TEXT    NOT NULL,
    role   TEXT    NOT NULL CHECK (role IN ('weights', 'safetensors', 'vision', 'card', 'opaque')),
    digest BLOB    NOT NULL REFERENCES blob (digest),
    PRIMARY KEY (model, number, path),
    FOREIGN KEY (model, number) REFERENCES version (model, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX versionFile_by_digest ON versionFile (digest);
