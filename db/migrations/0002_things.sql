-- What people keep: tasks, notes, the inbox.

CREATE TABLE tasks (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('task'),
	title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 500),
	description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 5000),
	status text NOT NULL DEFAULT 'todo' CHECK (status IN ('todo', 'in_progress', 'done', 'cancelled')),
	priority text NOT NULL DEFAULT 'medium' CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
	due_date date,
	due_time time,
	project_id bigint,
	parent_id bigint,
	tags text[] NOT NULL DEFAULT '{}',
	estimate_min int CHECK (estimate_min > 0),
	rrule text,
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	completed_at timestamptz,
	PRIMARY KEY (user_id, id),
	FOREIGN KEY (user_id, parent_id) REFERENCES tasks (user_id, id),
	CHECK (due_time IS NULL OR due_date IS NOT NULL)
);
SELECT own_table('tasks'), undoable_table('tasks');
CREATE INDEX tasks_open ON tasks (user_id, due_date, id) WHERE status IN ('todo', 'in_progress');

CREATE TABLE notes (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('note'),
	title text NOT NULL DEFAULT '' CHECK (char_length(title) <= 500),
	text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 20000),
	tags text[] NOT NULL DEFAULT '{}',
	pinned boolean NOT NULL DEFAULT false,
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id)
);
SELECT own_table('notes'), undoable_table('notes');

CREATE TABLE inbox_items (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('inbox'),
	content text NOT NULL CHECK (char_length(content) <= 20000),
	kind text NOT NULL DEFAULT 'text' CHECK (kind IN ('text', 'link', 'file', 'voice', 'photo', 'place', 'other')),
	status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'processing', 'processed', 'archived')),
	category text CHECK (category IN ('personal', 'work', 'health', 'content', 'finance', 'other')),
	tags text[] NOT NULL DEFAULT '{}',
	suggested jsonb,
	source text NOT NULL DEFAULT 'message' CHECK (source IN ('message', 'forward', 'command', 'model')),
	file jsonb, -- Telegram file ids with name, type and size; never the bytes
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id)
);
SELECT own_table('inbox_items'), undoable_table('inbox_items');
CREATE INDEX inbox_new ON inbox_items (user_id, id DESC) WHERE status = 'new';
