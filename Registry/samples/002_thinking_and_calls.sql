-- What a release wrote beside its answer. Rows of before have neither, as no part of their answers was kept apart.
ALTER TABLE sample ADD COLUMN thinking TEXT;                                         -- NULL when nothing was thought
ALTER TABLE sample ADD COLUMN calls TEXT CHECK (calls IS NULL OR json_valid(calls)); -- the tools that were called, in order
-- 1 where text, error and thinking are JSON texts: one of them holds U+0000, at which a bound text would end.
ALTER TABLE sample ADD COLUMN isEscaped INTEGER NOT NULL DEFAULT 0 CHECK (isEscaped IN (0, 1));
