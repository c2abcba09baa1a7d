-- The rest of what people keep: projects, contacts, content, habits, events, reminders, memories.
-- Every table here can be exported, erased and undone; ids count from 1 for each person.

-- What all of them begin with.
CREATE FUNCTION thing_table(t regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM own_table(t), undoable_table(t);
END $$;

CREATE TABLE projects (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('project'),
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
	description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 5000),
	status text NOT NULL DEFAULT 'active' CHECK (status IN ('planning', 'active', 'paused', 'completed', 'cancelled')),
	due_date date,
	tags text[] NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id)
);
SELECT thing_table('projects');

-- A task that belongs to a project is in tasks, by project_id; everything else a project holds is here.
CREATE TABLE project_items (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('project_item'),
	project_id bigint NOT NULL,
	kind text NOT NULL CHECK (kind IN ('decision', 'document', 'meeting', 'milestone')),
	title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 500),
	text text NOT NULL DEFAULT '' CHECK (char_length(text) <= 20000),
	day date,
	done boolean NOT NULL DEFAULT false,
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id),
	FOREIGN KEY (user_id, project_id) REFERENCES projects ON DELETE CASCADE
);
SELECT thing_table('project_items');
CREATE INDEX project_items_of ON project_items (user_id, project_id, id);

ALTER TABLE tasks ADD FOREIGN KEY (user_id, project_id) REFERENCES projects;
CREATE INDEX tasks_project ON tasks (user_id, project_id) WHERE project_id IS NOT NULL;
-- The task that a recurring one left behind when it was done.
ALTER TABLE tasks ADD COLUMN next_of bigint;

CREATE TABLE contacts (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('contact'),
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
	kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'company')),
	company text NOT NULL DEFAULT '' CHECK (char_length(company) <= 200),
	email text NOT NULL DEFAULT '' CHECK (char_length(email) <= 254),
	phone text NOT NULL DEFAULT '' CHECK (char_length(phone) <= 40),
	category text NOT NULL DEFAULT 'personal' CHECK (category IN ('client', 'lead', 'partner', 'personal')),
	notes text NOT NULL DEFAULT '' CHECK (char_length(notes) <= 5000),
	tags text[] NOT NULL DEFAULT '{}',
	last_interaction date,
	next_follow_up date,
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id)
);
SELECT thing_table('contacts');
CREATE INDEX contacts_follow_up ON contacts (user_id, next_follow_up) WHERE next_follow_up IS NOT NULL;

CREATE TABLE content_ideas (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('idea'),
	title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 500),
	text text NOT NULL DEFAULT '' CHECK (char_length(text) <= 20000),
	status text NOT NULL DEFAULT 'idea' CHECK (status IN ('idea', 'draft', 'scheduled', 'published', 'archived')),
	channel text NOT NULL DEFAULT 'other' CHECK (channel IN ('instagram', 'linkedin', 'twitter', 'blog', 'youtube', 'other')),
	theme text NOT NULL DEFAULT '' CHECK (char_length(theme) <= 100),
	format text NOT NULL DEFAULT '' CHECK (char_length(format) <= 100),
	tags text[] NOT NULL DEFAULT '{}',
	publish_on date,
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id)
);
SELECT thing_table('content_ideas');

CREATE TABLE content_posts (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('post'),
	idea_id bigint,
	title text NOT NULL DEFAULT '' CHECK (char_length(title) <= 500),
	channel text NOT NULL DEFAULT 'other' CHECK (channel IN ('instagram', 'linkedin', 'twitter', 'blog', 'youtube', 'other')),
	theme text NOT NULL DEFAULT '' CHECK (char_length(theme) <= 100),
	format text NOT NULL DEFAULT '' CHECK (char_length(format) <= 100),
	url text NOT NULL DEFAULT '' CHECK (char_length(url) <= 2000),
	published_at timestamp NOT NULL, -- on the person's wall
	views bigint CHECK (views >= 0),
	likes bigint CHECK (likes >= 0),
	comments bigint CHECK (comments >= 0),
	shares bigint CHECK (shares >= 0),
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id),
	FOREIGN KEY (user_id, idea_id) REFERENCES content_ideas
);
SELECT thing_table('content_posts');
CREATE INDEX content_posts_when ON content_posts (user_id, published_at);

CREATE TABLE habits (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('habit'),
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
	per text NOT NULL DEFAULT 'day' CHECK (per IN ('day', 'week')),
	target int NOT NULL DEFAULT 1 CHECK (target BETWEEN 1 AND 50),
	active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id)
);
SELECT thing_table('habits');

-- One row per kind and day; of a habit, per habit and day. label: what a custom one measures.
CREATE TABLE checkins (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('checkin'),
	day date NOT NULL, -- on the person's wall
	kind text NOT NULL CHECK (kind IN ('energy', 'mood', 'sleep', 'workout', 'nutrition', 'habit', 'custom')),
	habit_id bigint,
	label text NOT NULL DEFAULT '' CHECK (char_length(label) <= 100),
	value double precision, -- energy, mood, nutrition 1 to 10; sleep in hours; workout 0 or 1; of a habit, how often
	note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 1000),
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id),
	FOREIGN KEY (user_id, habit_id) REFERENCES habits ON DELETE CASCADE,
	CHECK ((kind = 'habit') = (habit_id IS NOT NULL))
);
SELECT thing_table('checkins');
CREATE UNIQUE INDEX checkins_once ON checkins (user_id, day, kind, coalesce(habit_id, 0), label);

-- Kept here; those of Google are only cached. Wall times are what the person said; instants are computed from them by
-- zone_instant when they are written.
CREATE TABLE events (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('event'),
	title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 500),
	description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 5000),
	place text NOT NULL DEFAULT '' CHECK (char_length(place) <= 500),
	attendees text[] NOT NULL DEFAULT '{}',
	all_day boolean NOT NULL DEFAULT false,
	start_wall timestamp NOT NULL,
	end_wall timestamp NOT NULL, -- exclusive; of whole days the midnight after the last
	zone text NOT NULL,
	start_at timestamptz NOT NULL,
	end_at timestamptz NOT NULL,
	rrule text CHECK (char_length(rrule) <= 500),
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id),
	CHECK (end_wall > start_wall)
);
SELECT thing_table('events');
CREATE INDEX events_when ON events (user_id, start_at);

-- next fire = fire_at, from wall time and zone; of a recurring one, start_wall is where its rule begins.
CREATE TABLE reminders (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('reminder'),
	text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 1000),
	wall timestamp NOT NULL, -- of the next fire
	zone text NOT NULL,
	fire_at timestamptz NOT NULL,
	start_wall timestamp NOT NULL,
	rrule text CHECK (char_length(rrule) <= 500),
	state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'fired', 'done', 'cancelled')),
	nag boolean NOT NULL DEFAULT false, -- again and again until it is done
	nags int NOT NULL DEFAULT 0, -- so far, of the last time that it was due
	snoozes int NOT NULL DEFAULT 0,
	fired_n int NOT NULL DEFAULT 0,
	fired_at timestamptz,
	bot_id bigint NOT NULL, -- where it was asked for, and where it is told
	chat_id bigint NOT NULL,
	task_id bigint, -- what it reminds of, or NULL
	created_at timestamptz NOT NULL DEFAULT app_now(),
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id),
	FOREIGN KEY (user_id, task_id) REFERENCES tasks
);
SELECT thing_table('reminders');
CREATE INDEX reminders_pending ON reminders (user_id, fire_at) WHERE state = 'pending';

-- Kept only after an explicit yes.
CREATE TABLE memories (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('memory'),
	fact text NOT NULL CHECK (char_length(fact) BETWEEN 1 AND 500),
	source text NOT NULL DEFAULT 'said' CHECK (source IN ('said', 'command', 'model')), -- who proposed it; the yes was the person's
	created_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id)
);
SELECT thing_table('memories');
