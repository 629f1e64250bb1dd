-- From here on bodies say how they are written, in the member "form": "rfc8785" is the JSON Canonicalization Scheme, and
-- a body without the member has the form of the first builds. The digests of what a body holds are made by its form.
-- Builds from before cannot make them: they find a migration that they do not know, and refuse the file as a newer one.
INSERT INTO setting (name, value) VALUES ('form', 'rfc8785');
