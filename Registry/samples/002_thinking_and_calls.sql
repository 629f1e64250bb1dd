-- What a release wrote beside its answer. Rows of before have neither, as no part of their answers was kept apart.
ALTER TABLE sample ADD COLUMN thinking TEXT;                                         -- NULL when nothing was thought
ALTER TABLE sample ADD COLUMN calls TEXT CHECK (calls IS NULL OR json_valid(calls)); -- the tools that were called, in order
