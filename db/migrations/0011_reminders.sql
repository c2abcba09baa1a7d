-- When reminders become due. The scheduler may not look into people's rows, so each pending reminder has a job, kept in
-- step by the database itself: by whatever way the row changes, undo and erasure too.

CREATE FUNCTION reminder_job() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		DELETE FROM jobs WHERE kind = 'reminder' AND coalesce(user_id, 0) = OLD.user_id AND ref = OLD.id::text;
	ELSIF NEW.state <> 'pending' THEN
		DELETE FROM jobs WHERE kind = 'reminder' AND coalesce(user_id, 0) = NEW.user_id AND ref = NEW.id::text;
	ELSE
		INSERT INTO jobs (kind, user_id, ref, run_at) VALUES ('reminder', NEW.user_id, NEW.id::text, NEW.fire_at)
			ON CONFLICT (kind, coalesce(user_id, 0), ref) DO UPDATE SET run_at = excluded.run_at, lease_until = NULL, lease_token = NULL, attempts = 0;
		-- The scheduler looks every few seconds by itself; what is sooner wakes it.
		IF NEW.fire_at < app_now() + interval '1 minute' THEN
			PERFORM pg_notify('lembra_jobs', '');
		END IF;
	END IF;
	RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION reminder_job() TO {{app}};
CREATE TRIGGER reminder_job AFTER INSERT OR UPDATE OF state, fire_at OR DELETE ON reminders FOR EACH ROW EXECUTE FUNCTION reminder_job();

CREATE INDEX jobs_reminders ON jobs (run_at) WHERE kind = 'reminder';
CREATE INDEX jobs_house ON jobs (run_at) WHERE user_id IS NULL;
