-- Words of somebody else (a forwarded message, a file's name, what another bot said): the mark travels with the row and
-- with
-- every copy of it, so that a model that can act never reads them.
ALTER TABLE inbox_items ADD COLUMN outside boolean NOT NULL DEFAULT false;
UPDATE inbox_items SET outside = true WHERE source = 'forward' OR file->>'name' IS NOT NULL;
ALTER TABLE tasks ADD COLUMN outside boolean NOT NULL DEFAULT false;
ALTER TABLE reminders ADD COLUMN outside boolean NOT NULL DEFAULT false;
ALTER TABLE events ADD COLUMN outside boolean NOT NULL DEFAULT false;
ALTER TABLE notes ADD COLUMN outside boolean NOT NULL DEFAULT false;
ALTER TABLE project_items ADD COLUMN outside boolean NOT NULL DEFAULT false;
ALTER TABLE content_ideas ADD COLUMN outside boolean NOT NULL DEFAULT false;
ALTER TABLE search_docs ADD COLUMN outside boolean NOT NULL DEFAULT false;
