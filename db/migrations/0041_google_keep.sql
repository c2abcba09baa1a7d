-- A grant of Google that nobody uses dies, and one of a project in "Testing" has an end: looked at each day.
ALTER TABLE google_accounts ADD COLUMN warned_at timestamptz;

CREATE FUNCTION google_keep_job() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		IF NOT EXISTS (SELECT FROM google_accounts WHERE user_id = OLD.user_id) THEN
			PERFORM job_drop_for(OLD.user_id, 'google_keep', '');
		END IF;
	ELSE
		PERFORM job_plan_for(NEW.user_id, 'google_keep', '', NULL, NULL, coalesce(app_now(), now()));
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER google_keep_job AFTER INSERT OR DELETE ON google_accounts FOR EACH ROW EXECUTE FUNCTION
	google_keep_job();
