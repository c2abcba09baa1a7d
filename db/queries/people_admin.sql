-- people_admin: invitations, lists, roles, removal.

-- STMT_CODE_PUT (ssstt)
-- hash, kind, role, now, expires
SELECT code_put($1, $2, $3, $4, $5);

-- STMT_OWNER_MISSING ()
SELECT NOT EXISTS (SELECT FROM directory WHERE role = 'owner' AND login_id > 0);

-- STMT_PERSON_LIST ()
SELECT user_id, role, lang, zone, time_to_us(created_at), logins, blocked FROM person_list();

-- STMT_PERSON_LOGINS (i)
SELECT login_id FROM directory WHERE user_id = $1;

-- STMT_PERSON_REMOVE (ist)
-- user, receipt, now: rows erased
SELECT person_remove($1, $2, $3);

-- STMT_PERSON_ROLE (ist)
-- user, role, now
SELECT person_role($1, $2, $3);

-- STMT_READY ()
-- Whether the database serves us: reachable, migrated, and ours to read.
SELECT 1 FROM directory LIMIT 1;

-- STMT_PERSON_LEAVE (istiiss)
-- user, receipt, now, bot, chat, goodbye, trace: rows erased
SELECT person_leave($1, $2, $3, $4, $5, $6, $7);
