-- people_admin: invitations, lists, roles, removal.

-- STMT_CODE_PUT (ssstt) = put
-- hash, kind, role, now, expires
SELECT code_put($1, $2, $3, $4, $5) AS put;

-- STMT_OWNER_MISSING () = missing
SELECT NOT EXISTS (SELECT FROM directory WHERE role = 'owner' AND login_id > 0) AS missing;

-- STMT_PERSON_LIST () = user_id role lang zone created_at logins blocked
SELECT user_id, role, lang, zone, time_to_us(created_at) AS created_at, logins, blocked FROM person_list();

-- STMT_PERSON_LOGINS (i) = login_id
SELECT login_id FROM directory WHERE user_id = $1;

-- STMT_PERSON_REMOVE (ist) = erased
-- user, receipt, now: rows erased
SELECT person_remove($1, $2, $3) AS erased;

-- STMT_PERSON_ROLE (ist) = done
-- user, role, now
SELECT person_role($1, $2, $3) AS done;

-- STMT_READY () = ready
-- Whether the database serves us: reachable, migrated, and ours to read.
SELECT true AS ready FROM directory LIMIT 1;

-- STMT_PERSON_LEAVE (istiiss) = erased
-- user, receipt, now, bot, chat, goodbye, trace: rows erased
SELECT person_leave($1, $2, $3, $4, $5, $6, $7) AS erased;
