-- Events of single keys: whether an alert or a spent budget is of one key that the others contradict. By ten seconds for as
-- long as an alert that pages may stand, and by a sixtieth of the window of the SLO.
CREATE TABLE caller (
    slo        TEXT    NOT NULL,
    definition BLOB    NOT NULL CHECK (length(definition) = 32), -- how the SLO counts
    model      TEXT    NOT NULL,
    key        TEXT    NOT NULL,                                 -- the name of the key
    start      INTEGER NOT NULL,                                 -- seconds since 1970
    seconds    INTEGER NOT NULL CHECK (seconds >= 10),
    valid      INTEGER NOT NULL CHECK (valid >= 0),
    bad        INTEGER NOT NULL CHECK (bad >= 0 AND bad <= valid),
    CHECK (start % seconds = 0),
    PRIMARY KEY (slo, definition, model, key, seconds, start)
) STRICT, WITHOUT ROWID;
