#include "bot/talk/talk.h"

#include "bot/talk/commands.h"
#include "bot/talk/gate.h"
#include "bot/talk/missed.h"
#include "bot/turn/replies.h"
#include "bot/talk/router.h"
#include "bot/talk/understand.h"
#include "bot/turn/scrub.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "db/people.h"
#include "db/rate.h"
#include <string.h>

err_t *(*talk_before)(struct turn *turn);

enum { PAIR_TRIES = 5, PAIR_TOLD = 3, PAIR_WINDOW_S = 3600 };

static struct person_seen seen_of(const struct turn *turn)
{
	const struct tg_update *u = &turn->update;
	enum lang lang = lang_of(u->language_code ? u->language_code : turn->claim->ref);

	return (struct person_seen){ .login_id = turn->claim->chat_id,
				     .bot_id = turn->claim->bot_id,
				     .name = u->first_name,
				     .username = u->username,
				     .lang = lang_tag(lang) };
}

static void session_set(struct turn *turn, const struct directory_entry *who)
{
	struct req *req = turn->req;

	req->user_id = who->user_id;
	req->role = role_of(who->role);
	req->lang = lang_of(who->lang);
	req->zone = mem_text(req->pool, who->zone ? who->zone : "America/Sao_Paulo");
}

static NODISCARD err_t *session_reload(struct turn *turn)
{
	struct directory_entry who;

	ERR(people_find(turn->req->pool, turn->claim->chat_id, &who));
	session_set(turn, &who);
	return NULL;
}

/* They are back: what they could not hear is told, and from now on we reach them again. In this order, so that a replay
 * tells it still; what cannot be told keeps nobody away. */
static NODISCARD err_t *returned(struct turn *turn)
{
	struct person_seen seen = seen_of(turn);
	err_t *err = missed_tell(turn->req);

	if (err && err_retryable(err))
		return err;
	log_error("missed_untold", err);
	return people_chat(turn->req->pool, &seen, turn->req->now);
}

/* Who is it? The claim brought the directory's row; an unknown sender becomes a user where all may. */
static NODISCARD err_t *session_open(struct turn *turn)
{
	const struct claim *claim = turn->claim;
	struct person_seen seen = seen_of(turn);
	struct directory_entry who = { claim->user_id, claim->role, claim->lang, claim->zone };
	int64_t user;

	session_set(turn, &who);
	if (!claim->user_id)
		turn->req->lang = lang_of(seen.lang);
	if (claim->user_id && claim->blocked)
		return returned(turn);
	if (claim->user_id || turn->req->config->access != ACCESS_OPEN)
		return NULL;
	ERR(people_open(turn->req->pool, &seen, turn->req->now, &user));
	return session_reload(turn);
}

static NODISCARD err_t *say_stranger(struct turn *turn, const char *key)
{
	struct req *req = turn->req;
	const char *html = tr(req->pool, req->lang, key, SLOT_S("trace", req_short(req)));

	return outbox_put_stranger(req->pool, req->bot_id, req->chat_id,
				   mem_fmt(req->pool, "u%lld:s:%s", (long long)req->update_id,
					   req_short(req)),
				   html, req->trace, turn->claim->received_at, req->now);
}

/* By sender alone: a hundred bits are not guessed, however many try, and whoever has a code gets in while a crowd of strangers
 * tries. *ret_say: whether to tell that there are none left: a few times, not for each further one. */
static NODISCARD err_t *tries_left(struct turn *turn, bool *ret_left, bool *ret_say)
{
	struct req *req = turn->req;
	int64_t own;

	ERR(rate_count(req->pool, mem_fmt(req->pool, "pair:%lld", (long long)req->chat_id), PAIR_WINDOW_S,
		       req->now, &own));
	*ret_left = own <= PAIR_TRIES;
	*ret_say = own <= PAIR_TRIES + PAIR_TOLD;
	return NULL;
}

static NODISCARD err_t *member(struct turn *turn)
{
	const struct claim *claim = turn->claim;
	struct directory_entry who = { claim->user_id, claim->role, claim->lang, claim->zone };
	struct req *req = turn->req;

	turn->kind = "member";
	if (!claim->user_id)
		return NULL;
	session_set(turn, &who);
	if (!text_same(turn->update.member_status, "kicked"))
		return returned(turn);
	ERR(people_blocked(req->pool, req->bot_id, req->chat_id));
	return outbox_chat_dead(req->pool, req->bot_id, req->chat_id, "blocked", req->now);
}

static NODISCARD err_t *group(struct turn *turn)
{
	struct req *req = turn->req;
	bool first;

	turn->kind = "group";
	ERR(people_group_first(req->pool, req->bot_id, req->chat_id, req->now, &first));
	return first ? say_stranger(turn, "group.private") : NULL;
}

static NODISCARD err_t *denied(struct turn *turn, const struct gate_verdict *verdict)
{
	struct req *req = turn->req;

	if (!verdict->text_key)
		return req->user_id ? reply_nothing(turn) : NULL;
	if (!req->user_id)
		return say_stranger(turn, verdict->text_key);
	turn->text = ""; /* what was refused is not kept */
	return reply_html(turn, tr(req->pool, req->lang, verdict->text_key, SLOT_I("limit", verdict->limit),
				   SLOT_S("trace", req_short(req))));
}

static NODISCARD err_t *dispatch(struct turn *turn)
{
	struct person_seen seen = seen_of(turn);
	err_t *err = router_dispatch(turn);

	if (!err || err->code != ERR_DENIED)
		return err;
	/* Known by another bot or the terminal, this chat may not be theirs yet; then once more. */
	err_clear(err);
	ERR(people_chat(turn->req->pool, &seen, turn->req->now));
	return router_dispatch(turn);
}

static NODISCARD err_t *conversation(struct turn *turn)
{
	struct gate_verdict verdict;

	ERR(session_open(turn));
	ERR(gate_check(turn, &verdict));
	if (!verdict.allow)
		return denied(turn, &verdict);
	turn->text = scrub_text(turn, turn->text);
	if (talk_before)
		ERR(talk_before(turn));
	return dispatch(turn);
}

/* Twenty letters of someone who needs no code are words: "levar a chave para a casa". */
static NODISCARD err_t *not_paired(struct turn *turn, bool say, const char *key)
{
	bool welcome = turn->claim->user_id || turn->req->config->access == ACCESS_OPEN;

	if (welcome && *turn->text != '/')
		return conversation(turn);
	return say ? say_stranger(turn, key) : NULL;
}

/* A pairing code, plain or behind /start. */
static NODISCARD err_t *pair(struct turn *turn)
{
	struct req *req = turn->req;
	struct person_seen seen = seen_of(turn);
	struct tg_head head;
	bool left, say;
	int64_t user;

	turn->kind = "code";
	ERR(tg_head_decode(req->pool, turn->claim->payload, turn->claim->payload_n, &head));
	ERR(tries_left(turn, &left, &say));
	if (!left)
		return not_paired(turn, say, "pair.tries");
	ERR(people_pair(req->pool, head.code ? head.code : "", &seen, req->now, &user));
	log_event(LOG_INFO, "gate_decision", KV_S("gate", "pairing"),
		  KV_S("decision", user ? "ALLOW" : "DENY"));
	metric_add(METRIC_GATE_DECISIONS, "pairing", user ? "ALLOW" : "DENY", NULL, 1);
	if (!user && turn->claim->attempts && turn->claim->user_id)
		user = turn->claim->user_id; /* a replay: the code was spent by the try before */
	if (!user)
		return not_paired(turn, true, "pair.wrong");
	turn->text = ""; /* the code itself is not part of the conversation */
	ERR(session_reload(turn));
	ERR(returned(turn));
	return command_welcome(turn);
}

static NODISCARD err_t *answer(struct turn *turn)
{
	turn->kind = "answer";
	if (turn->claim->ref)
		/* A spinner that cannot be stopped stops by itself: no reason to try again. */
		log_error("answer_failed",
			  turn->channel->answer(turn->channel->ctx, turn->req->pool, turn->claim->ref));
	return NULL;
}

static NODISCARD err_t *run(struct turn *turn)
{
	const struct claim *claim = turn->claim;
	const char *kind = claim->kind;
	apr_pool_t *pool = turn->req->pool;

	turn->text = "";
	turn->kind = kind; /* until it is known better; what a gate refuses is logged under it */
	if (text_same(kind, "answer"))
		return answer(turn);
	turn->req->lang = lang_of(claim->ref);
	if (text_same(kind, "stranger"))
		return say_stranger(turn, "gate.stranger");
	if (text_same(kind, "group"))
		return group(turn);
	ERR(tg_update_decode(pool, claim->payload ? claim->payload : "", claim->payload_n, &turn->update));
	if (turn->update.text)
		turn->text = text_trim(pool, turn->update.text);
	turn->req->lang = lang_of(turn->update.language_code);
	if (text_same(kind, "code"))
		return pair(turn);
	if (text_same(kind, "member"))
		return member(turn);
	return conversation(turn);
}

double talk_backoff_s(int64_t attempts)
{
	double s = 0.2;

	while (attempts-- > 0 && s < 30)
		s *= 3;
	return s < 30 ? s : 30;
}

/* The error that ends a turn, told to the person. Told or not, the turn must end. */
static void tell(struct turn *turn, const err_t *err)
{
	fiber_shield(+1);
	log_error("tell_failed", reply_error(turn, err));
	if (turn->merged) /* what others said in it is theirs to find again */
		log_error("tell_failed", understand_keep(turn));
	fiber_shield(-1);
}

static enum talk_end end_of(struct turn *turn, err_t *err, const char **ret_error)
{
	bool last = turn->claim->attempts + 1 >= LIMIT_ATTEMPTS;

	if (!err)
		return TALK_DONE;
	*ret_error = err_name(err->code);
	if (turn->stopped && err->code == ERR_CANCELLED)
		return TALK_DONE; /* /stop said so */
	if (err_retryable(err) && !last)
		return TALK_RETRY;
	tell(turn, err);
	/* What the person did wrong is answered and done; what we could not do stays for a replay. */
	return err_retryable(err) || err->code == ERR_INTERNAL || err->code == ERR_DB ? TALK_BURY : TALK_DONE;
}

/* An update that takes its worker down with it is not run for ever. */
static NODISCARD err_t *too_often(struct turn *turn)
{
	struct directory_entry who = { turn->claim->user_id, turn->claim->role, turn->claim->lang,
				       turn->claim->zone };

	turn->kind = turn->claim->kind;
	turn->text = "";
	session_set(turn, &who);
	return err_new(ERR_INTERNAL, "tried too often");
}

enum talk_end talk_run(struct turn *turn, const char **ret_error)
{
	static const char *const names[] = {
		[TALK_DONE] = "done", [TALK_RETRY] = "retry", [TALK_BURY] = "dead"
	};
	int64_t start = clock_mono_us();
	enum talk_end end;
	err_t *err;

	fiber_set_trace(turn->req->trace);
	log_event(LOG_INFO, "request_start", KV_S("kind", turn->claim->kind),
		  KV_I("attempts", turn->claim->attempts));
	err = turn->claim->attempts < LIMIT_ATTEMPTS ? run(turn) : too_often(turn);
	end = end_of(turn, err, ret_error);
	log_error("turn_failed", err);
	metric_add(METRIC_TURNS, turn->kind, names[end], NULL, 1);
	log_event(LOG_INFO, "request_end", KV_S("kind", turn->kind), KV_S("result", names[end]),
		  KV_I("us", clock_mono_us() - start));
	return end;
}
