-- Whether the request asked for something else than the release as it is; NULL in rows of builds that did not tell.
ALTER TABLE request ADD COLUMN changesRelease INTEGER CHECK (changesRelease IN (0, 1));
