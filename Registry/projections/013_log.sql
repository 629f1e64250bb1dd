-- What the log is looked through by, beside its own indexes. They are no part of the log: an older build goes without.
CREATE INDEX IF NOT EXISTS event_by_actor ON event (actor, seq);
CREATE INDEX IF NOT EXISTS event_by_time ON event (time, seq);
