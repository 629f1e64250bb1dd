CREATE TABLE prompt (
    name     TEXT    NOT NULL,
    number   INTEGER NOT NULL CHECK (number >= 1),
    digest   BLOB    NOT NULL CHECK (length(digest) = 32),
    event    TEXT    NOT NULL CHECK (json_valid(event)),
    pushedBy TEXT    NOT NULL,
    pushedAt INTEGER NOT NULL,
    ordinal  INTEGER UNIQUE CHECK ((ordinal IS NULL) = (number > 1)),  -- of the prompt, without gaps; null for later versions
    seq      INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    PRIMARY KEY (name, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX prompt_names ON prompt (name) WHERE number = 1;
CREATE INDEX prompt_by_digest ON prompt (name, digest, number);
