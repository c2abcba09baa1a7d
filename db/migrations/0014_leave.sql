-- A person leaves by themselves: everything goes, also of the last owner (the next start hands out a new owner's code). The
-- goodbye is put in the same transaction, as a line to someone who has no rows here any more.
CREATE FUNCTION person_leave(p_user bigint, p_receipt text, p_now timestamptz, p_bot bigint, p_chat bigint, p_text text, p_trace text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_rows bigint;
BEGIN
	IF NOT EXISTS (SELECT FROM directory WHERE login_id = p_chat AND user_id = p_user) THEN
		RAISE EXCEPTION 'not this person''s chat' USING ERRCODE = 'LB403';
	END IF;
	v_rows := person_erase(p_user, p_receipt, p_now);
	INSERT INTO outbox (bot_id, chat_id, dedupe, method, text, class, trace, created_at)
		VALUES (p_bot, p_chat, 'bye:' || p_receipt, 'send', p_text, 'reply', p_trace, p_now);
	INSERT INTO chats (bot_id, chat_id, lane, pending, ready_at) VALUES (p_bot, p_chat, 2, 1, clock_timestamp());
	RETURN v_rows;
END $$;
GRANT EXECUTE ON FUNCTION person_leave(bigint, text, timestamptz, bigint, bigint, text, text) TO {{queue}};
