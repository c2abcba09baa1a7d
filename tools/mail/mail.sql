-- mail: what was shown of it, and what is on its way out.

-- at as an instant
-- COLUMNS MAIL = id account_id gmail_id thread_id sender address subject at unread

-- STMT_MAIL_SEEN_AGAIN (issssstbi) = id
-- account, Gmail's id, thread, sender, address, subject, when, unread, place in a list (0: as it was)
UPDATE mail_seen SET thread_id = $3, sender = $4, address = $5, subject = $6, at = $7, unread = $8,
	place = CASE WHEN $9 > 0 THEN $9 ELSE place END, shown_at = app_now()
	WHERE user_id = app_user_id() AND account_id = $1 AND gmail_id = $2 RETURNING id;

-- STMT_MAIL_SEEN_PUT (issssstbi) = id
-- the same, of one that was not shown before
INSERT INTO mail_seen (account_id, gmail_id, thread_id, sender, address, subject, at, unread, place)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, 0)) RETURNING id;

-- STMT_MAIL_SEEN_CLEAR ()
-- a new list is shown
UPDATE mail_seen SET place = NULL WHERE user_id = app_user_id() AND place IS NOT NULL;

-- STMT_MAIL_SEEN_GET (i) = MAIL
SELECT id, account_id, gmail_id, thread_id, sender, address, subject, time_to_us(at) AS at, unread
	FROM mail_seen WHERE user_id = app_user_id() AND id = $1;

-- STMT_MAIL_SEEN_PLACE (i) = MAIL
-- place in the list that was shown last, from 1; -1: its last; 0: the mail that was shown last
SELECT id, account_id, gmail_id, thread_id, sender, address, subject, time_to_us(at) AS at, unread
	FROM mail_seen WHERE user_id = app_user_id() AND CASE WHEN $1 = 0 THEN true
		WHEN $1 < 0 THEN place IS NOT NULL ELSE place = $1 END
	AND shown_at > app_now() - interval '1 day'
	ORDER BY CASE WHEN $1 < 0 THEN place END DESC, shown_at DESC, place, id LIMIT 1;

-- STMT_MAIL_SEEN_FROM (s) = MAIL
-- words that the sender's name or address holds, each: the mail of theirs that was shown last, of a list the newest
SELECT id, account_id, gmail_id, thread_id, sender, address, subject, time_to_us(at) AS at, unread
	FROM mail_seen WHERE user_id = app_user_id() AND shown_at > app_now() - interval '1 day'
	AND NOT EXISTS (SELECT FROM regexp_split_to_table(fold($1), '\s+') w
		WHERE strpos(' ' || fold(sender) || ' ' || address, ' ' || w) = 0)
	ORDER BY shown_at DESC, at DESC LIMIT 1;

-- STMT_MAIL_PEOPLE (s) = id name email exact
-- words: contacts with a mail address whose name holds each of them
SELECT id, name, email, fold(name) = fold($1) AS exact FROM contacts
	WHERE user_id = app_user_id() AND email <> ''
	AND NOT EXISTS (SELECT FROM regexp_split_to_table(fold($1), '\s+') w WHERE strpos(fold(name), w) = 0)
	ORDER BY fold(name) = fold($1) DESC, id LIMIT 6;

-- STMT_MAIL_PERSON (i) = name email
-- a contact's number
SELECT name, email FROM contacts WHERE user_id = app_user_id() AND id = $1;

-- STMT_MAIL_REMINDER (sstsii) = id
-- text, wall, instant, zone, bot, chat: of words that are somebody else's
INSERT INTO reminders (text, wall, start_wall, fire_at, zone, bot_id, chat_id, outside)
	VALUES ($1, $2::timestamp, $2::timestamp, $3, $4, $5, $6, true) RETURNING id;

-- STMT_MAIL_OUT_ASK (iis) = id
-- bot, chat, mail: not confirmed yet, something of it is asked
INSERT INTO mails_out (bot_id, chat_id, mail) VALUES ($1, $2, $3) RETURNING id;

-- STMT_MAIL_OUT_ASKED (i) = mail
SELECT mail FROM mails_out WHERE user_id = app_user_id() AND id = $1 AND state = 'asked'
	AND created_at > app_now() - interval '1 hour';

-- STMT_MAIL_OUT_PUT (iiisst) = id
-- account, bot, chat, mail, message id, when it leaves
INSERT INTO mails_out (account_id, bot_id, chat_id, mail, message_id, state, send_at)
	VALUES ($1, $2, $3, $4, $5, 'waiting', $6) RETURNING id;

-- STMT_MAIL_OUT_GET (i) = account_id bot_id chat_id state mail message_id draft_id begun send_at
SELECT account_id, bot_id, chat_id, state, mail, message_id, draft_id, begun, time_to_us(send_at) AS send_at
	FROM mails_out WHERE user_id = app_user_id() AND id = $1;

-- STMT_MAIL_OUT_TAKE (i) = account_id mail message_id send_at
-- it leaves from now on
UPDATE mails_out SET state = 'sending' WHERE user_id = app_user_id() AND id = $1 AND state = 'waiting'
	RETURNING account_id, mail, message_id, time_to_us(send_at) AS send_at;

-- STMT_MAIL_OUT_DRAFT (is)
-- id, Gmail's id of its draft
UPDATE mails_out SET draft_id = $2 WHERE user_id = app_user_id() AND id = $1;

-- STMT_MAIL_OUT_BEGUN (i)
UPDATE mails_out SET begun = true WHERE user_id = app_user_id() AND id = $1;

-- STMT_MAIL_OUT_CANCEL (i) = mail
-- while it waits; what it says is given back for the last time
WITH was AS (
	SELECT mail FROM mails_out WHERE user_id = app_user_id() AND id = $1 AND state = 'waiting' FOR UPDATE
), gone AS (
	UPDATE mails_out SET state = 'cancelled', mail = NULL, settled_at = app_now()
		WHERE user_id = app_user_id() AND id = $1 AND state = 'waiting' RETURNING 1
)
SELECT mail FROM was, gone;

-- STMT_MAIL_OUT_SETTLE (is)
-- id, sent, not_sent or unknown: what it said is not kept
UPDATE mails_out SET state = $2, mail = NULL, settled_at = app_now() WHERE user_id = app_user_id() AND id = $1;
