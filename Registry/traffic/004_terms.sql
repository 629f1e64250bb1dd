-- The deadline of a request, who said it, and what its answer was made of, as JSON; and why there is no answer. NULL in rows
-- of builds that did not tell.
ALTER TABLE request ADD COLUMN terms TEXT CHECK (terms IS NULL OR json_valid(terms));
ALTER TABLE request ADD COLUMN reason TEXT;
