-- Which labels count: those of a role, and of callers as many as others bear out. A label that does not count waits.
ALTER TABLE label ADD COLUMN isOfRole INTEGER NOT NULL DEFAULT 0 CHECK (isOfRole IN (0, 1));
-- When what it says of the answer being right, and its thumb, counted: ms since 1970, each later than the one before it;
-- NULL while it waits, 0 in rows of builds that did not tell.
ALTER TABLE label ADD COLUMN correctCounted INTEGER;
ALTER TABLE label ADD COLUMN likedCounted INTEGER;
-- Whoever labelled the answer to another key had a role.
UPDATE label SET isOfRole = 1 WHERE key <> (SELECT key FROM request WHERE request.seq = label.request);
UPDATE label SET correctCounted = 0 WHERE isCorrect IS NOT NULL;
UPDATE label SET likedCounted = 0 WHERE isLiked IS NOT NULL;
CREATE INDEX label_counted ON label (max(coalesce(correctCounted, 0), coalesce(likedCounted, 0)));

-- What the labels say together that count, beside what is said in all.
ALTER TABLE request ADD COLUMN countedCorrect INTEGER CHECK (countedCorrect IN (0, 1));
ALTER TABLE request ADD COLUMN countedLiked INTEGER CHECK (countedLiked IN (0, 1));
ALTER TABLE request ADD COLUMN countedCorrection TEXT;
UPDATE request SET countedCorrect = isCorrect, countedLiked = isLiked, countedCorrection = correction;
-- Whether the request may have cut its answer short itself; NULL in rows of builds that did not tell.
ALTER TABLE request ADD COLUMN isCutByRequest INTEGER CHECK (isCutByRequest IN (0, 1));
