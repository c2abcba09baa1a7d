/* What goes wrong at providers: what is tried again, what is not, and who is asked next. */
#include "core/clock.h"
#include "core/fiber.h"
#include "core/metrics.h"
#include "core/text.h"
#include "db/db.h"
#include "tests/integration/llm_scene.h"

#include <string.h>

/* One fault, met for ever: the error it ends in, and how many requests that took. */
struct expected {
	const char *fault;
	enum err_code code;
	int64_t requests;
};

static NODISCARD err_t *meet(struct llm_scene *s, const struct expected *e)
{
	static const struct llm_tuning quick = { .backoff_ms = 1, .open_ms = 50 };
	struct llm_reply *reply;
	int64_t before, after;

	llm_tune(&quick); /* closes the circuit that the fault before may have opened */
	ERR(llm_scene_script(s, mem_fmt(s->pool, "{\"steps\":[{\"fault\":\"%s\",\"times\":0}]}", e->fault)));
	ERR(llm_scene_count(s, "/", &before));
	ERR(err_wrap(test_err(__FILE__, __LINE__, e->fault, llm_scene_ask(s, "oi", &reply), e->code), "%s",
		     e->fault));
	ERR(llm_scene_count(s, "/", &after));
	if (after - before != e->requests)
		return err_new(ERR_INTERNAL, "\"%s\": %lld requests, not %lld", e->fault,
			       (long long)(after - before), (long long)e->requests);
	return NULL;
}

static NODISCARD err_t *meet_all(struct llm_scene *s)
{
	static const struct expected all[] = {
		{ "429", ERR_RATE_LIMIT, 3 },       { "500", ERR_PROVIDER_ERROR, 3 },
		{ "503", ERR_PROVIDER_ERROR, 3 },   { "504", ERR_TIMEOUT, 3 },
		{ "529", ERR_PROVIDER_ERROR, 3 },   { "drop", ERR_PROVIDER_ERROR, 3 },
		{ "cut", ERR_PROVIDER_ERROR, 3 },   { "400", ERR_PROVIDER_ERROR, 1 },
		{ "401", ERR_AUTH_ERROR, 1 },       { "402", ERR_AUTH_ERROR, 1 },
		{ "403", ERR_AUTH_ERROR, 1 },       { "404", ERR_PROVIDER_ERROR, 1 },
		{ "bad_key", ERR_AUTH_ERROR, 1 },   { "blocked", ERR_BLOCKED, 1 },
		{ "filtered", ERR_BLOCKED, 1 },     { "garbage", ERR_PROVIDER_ERROR, 1 },
		{ "empty", ERR_PROVIDER_ERROR, 1 }, { "error_200", ERR_PROVIDER_ERROR, 3 },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		ERR(meet(s, &all[i]));
	return NULL;
}

static err_t *gemini_faults(struct llm_scene *s)
{
	static const struct expected wrapped = { "array_error", ERR_RATE_LIMIT, 3 };

	ERR(meet_all(s));
	return meet(s, &wrapped);
}

TEST(gemini_faults)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, gemini_faults);
}

static err_t *openai_faults(struct llm_scene *s)
{
	static const struct expected money = { "insufficient_quota", ERR_AUTH_ERROR, 1 };

	ERR(meet_all(s));
	return meet(s, &money);
}

TEST(openai_faults)
{
	static const char *const pairs[] = { "LLM_PROVIDER=openai", NULL };

	return llm_scene_run(t, pairs, openai_faults);
}

TEST(anthropic_faults)
{
	static const char *const pairs[] = { "LLM_PROVIDER=anthropic", NULL };

	return llm_scene_run(t, pairs, meet_all);
}

/* A passing fault is got over. */
static err_t *pass_over(struct llm_scene *s)
{
	struct llm_reply *reply;
	int64_t n;

	ERR(llm_scene_script(
		s,
		"{\"steps\":[{\"fault\":\"503\"},{\"fault\":\"429\",\"retry_delay\":\"0.05s\"},{\"text\":\"Oi!\"}]}"));
	ERR(llm_scene_ask(s, "oi", &reply));
	CHECK_TEXT(reply->text, "Oi!");
	ERR(llm_scene_count(s, ":generateContent", &n));
	CHECK_INT(n, 3);
	ERR(llm_scene_script(s, "{\"steps\":[{\"fault\":\"malformed\"},{\"text\":\"Agora sim.\"}]}"));
	ERR(llm_scene_ask(s, "oi", &reply));
	CHECK_TEXT(reply->text, "Agora sim.");
	ERR(llm_scene_script(s, "{\"steps\":[{\"fault\":\"malformed\",\"times\":0}]}"));
	ERR(llm_scene_ask(s, "oi", &reply));
	CHECK_INT(reply->finish, LLM_MALFORMED);
	ERR(llm_scene_count(s, ":generateContent", &n));
	CHECK_INT(n, 7);
	ERR(llm_scene_script(s, "{\"steps\":[{\"fault\":\"max_tokens\"}]}"));
	ERR(llm_scene_ask(s, "oi", &reply));
	CHECK_INT(reply->finish, LLM_LENGTH);
	CHECK_TEXT(reply->text, "");
	return NULL;
}

TEST(passing_faults_are_got_over)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, pass_over);
}

static err_t *wait_as_told(struct llm_scene *s)
{
	const struct llm_message message = { .role = LLM_PERSON, .text = "oi" };
	struct llm_request request = llm_scene_request(s, &message, 1);
	struct llm_reply *reply;
	int64_t begin = clock_mono_ms(), n;

	/* As long as it says, not shorter ... */
	ERR(llm_scene_script(s, "{\"steps\":[{\"fault\":\"429\",\"retry_delay\":\"0.3s\"},{\"text\":\"1\"},"
				"{\"fault\":\"429\",\"retry_after_s\":1},{\"text\":\"2\"}]}"));
	ERR(llm_chat(s->req, &request, &reply));
	CHECK(clock_mono_ms() - begin >= 300);
	begin = clock_mono_ms();
	ERR(llm_chat(s->req, &request, &reply));
	CHECK(clock_mono_ms() - begin >= 1000);
	/* ... and not at all when the turn would be over; then the provider is left alone. */
	ERR(llm_scene_script(
		s, "{\"steps\":[{\"fault\":\"429\",\"retry_delay\":\"60s\"},{\"text\":\"3\",\"times\":0}]}"));
	request.deadline_ms = clock_mono_ms() + 20000;
	begin = clock_mono_ms();
	CHECK_ERR(llm_chat(s->req, &request, &reply), ERR_RATE_LIMIT);
	CHECK_ERR(llm_chat(s->req, &request, &reply), ERR_RATE_LIMIT);
	CHECK(clock_mono_ms() - begin < 5000);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 5);
	return NULL;
}

TEST(waits_are_those_the_provider_asks_for)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, wait_as_told);
}

static err_t *spend_the_day(struct llm_scene *s)
{
	struct llm_reply *reply;
	int64_t n;

	ERR(llm_scene_script(
		s,
		"{\"steps\":[{\"fault\":\"429_perday\",\"retry_delay\":\"0.01s\"},{\"text\":\"?\",\"times\":0}]}"));
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_RATE_LIMIT);
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_RATE_LIMIT);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 1);
	return NULL;
}

TEST(a_spent_day_is_over)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, spend_the_day);
}

static err_t *time_out(struct llm_scene *s)
{
	const struct llm_message message = { .role = LLM_PERSON, .text = "oi" };
	struct llm_request request = llm_scene_request(s, &message, 1);
	struct llm_reply *reply;
	int64_t begin = clock_mono_ms(), n;

	ERR(llm_scene_script(s, "{\"steps\":[{\"fault\":\"timeout\",\"times\":0}]}"));
	request.deadline_ms = begin + 2500;
	CHECK_ERR(llm_chat(s->req, &request, &reply), ERR_TIMEOUT);
	CHECK(clock_mono_ms() - begin >= 2000);
	CHECK(clock_mono_ms() - begin < 4000);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 3); /* a second each, and what was left */
	return NULL;
}

TEST(attempts_and_turns_end_in_time)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "LLM_TIMEOUT_S=1", NULL };

	return llm_scene_run(t, pairs, time_out);
}

static err_t *break_circuit(struct llm_scene *s)
{
	struct llm_reply *reply;
	int64_t n;

	ERR(llm_scene_script(
		s,
		"{\"steps\":[{\"fault\":\"500\",\"times\":3},{\"fault\":\"500\"},{\"text\":\"de volta\",\"times\":0}]}"));
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_PROVIDER_ERROR);
	CHECK_INT(metric_get(METRIC_LLM_BREAKER, "gemini", NULL, NULL), 2);
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_PROVIDER_ERROR);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 3); /* nothing goes out */
	ERR(fiber_sleep(60));
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_PROVIDER_ERROR);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 4); /* one probe, which fails */
	ERR(fiber_sleep(60));
	ERR(llm_scene_ask(s, "oi", &reply));
	CHECK_TEXT(reply->text, "de volta");
	CHECK_INT(metric_get(METRIC_LLM_BREAKER, "gemini", NULL, NULL), 0);
	ERR(llm_scene_ask(s, "oi", &reply));
	return NULL;
}

TEST(three_failures_open_the_circuit)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, break_circuit);
}

struct asker {
	struct llm_scene *s;
	struct fiber *waiter;
	err_t *err;
	bool done;
};

static void ask_in_fiber(void *arg)
{
	struct asker *a = arg;
	struct llm_reply *reply;

	a->err = llm_scene_ask(a->s, "oi", &reply);
	a->done = true;
	fiber_wake(a->waiter);
}

/* While a probe is under way no other call goes out. */
static err_t *probe_alone(struct llm_scene *s)
{
	struct asker slow = { .s = s, .waiter = fiber_self() };
	struct llm_reply *reply;
	int64_t n = 0;

	ERR(llm_scene_script(
		s,
		"{\"steps\":[{\"fault\":\"500\",\"times\":3},{\"text\":\"devagar\",\"delay_ms\":500,\"times\":0}]}"));
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_PROVIDER_ERROR);
	ERR(fiber_sleep(60));
	CHECK(fiber_go("probe", ask_in_fiber, &slow));
	while (n < 4)
		ERR(llm_scene_count(s, "/", &n));
	CHECK(!slow.done);
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_PROVIDER_ERROR);
	while (!slow.done)
		ERR(fiber_wait(0));
	ERR(slow.err);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 4);
	ERR(llm_scene_ask(s, "oi", &reply));
	return NULL;
}

TEST(a_probe_goes_alone)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, probe_alone);
}

static err_t *fall_back(struct llm_scene *s)
{
	const struct llm_message message = { .role = LLM_PERSON, .text = "oi" };
	struct llm_request request = llm_scene_request(s, &message, 1);
	struct llm_reply *reply;
	int64_t n;

	ERR(llm_scene_script(s, "{\"steps\":[{\"fault\":\"401\"},{\"text\":\"do segundo\"}]}"));
	ERR(llm_scene_ask(s, "oi", &reply));
	CHECK_INT(reply->provider, PROVIDER_ANTHROPIC);
	CHECK_TEXT(reply->text, "do segundo");
	/* A refusal is not carried further, nor is a question that belongs to one provider. */
	ERR(llm_scene_script(s, "{\"steps\":[{\"fault\":\"blocked\"},{\"text\":\"não\"}]}"));
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_BLOCKED);
	ERR(llm_scene_script(s, "{\"steps\":[{\"fault\":\"401\"},{\"text\":\"não\"}]}"));
	request.only = PROVIDER_GEMINI;
	CHECK_ERR(llm_chat(s->req, &request, &reply), ERR_AUTH_ERROR);
	/* Nobody after rules is asked. */
	ERR(llm_scene_script(s, "{\"steps\":[{\"fault\":\"401\",\"times\":2},{\"text\":\"não\"}]}"));
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_AUTH_ERROR);
	ERR(llm_scene_count(s, "/chat/completions", &n));
	CHECK_INT(n, 0);
	/* A long wait is not waited for when someone else can be asked. */
	ERR(llm_scene_script(
		s, "{\"steps\":[{\"fault\":\"429\",\"retry_delay\":\"20s\"},{\"text\":\"logo\"}]}"));
	ERR(llm_scene_ask(s, "oi", &reply));
	CHECK_INT(reply->provider, PROVIDER_ANTHROPIC);
	return NULL;
}

TEST(the_next_provider_is_asked)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini,anthropic,rules,openai", NULL };

	return llm_scene_run(t, pairs, fall_back);
}

/* A turn that began with one provider goes on with another, which refuses what it did not sign. */
static err_t *change_house(struct llm_scene *s)
{
	static const enum config_provider order[] = { PROVIDER_GEMINI, PROVIDER_OPENAI,   PROVIDER_ANTHROPIC,
						      PROVIDER_XAI,    PROVIDER_DEEPSEEK, PROVIDER_OLLAMA };
	struct llm_message m[3] = { { .role = LLM_PERSON, .text = "comprar leite" } };

	for (size_t from = 0; from < 6; from++)
		for (size_t to = 0; to < 6; to++) {
			struct llm_request request = llm_scene_request(s, m, 1);
			struct llm_result results[2];
			struct llm_reply *reply;

			ERR(llm_scene_script(
				s,
				"{\"steps\":[{\"text\":\"Já vou.\",\"calls\":[{\"name\":\"create_task\",\"args\":"
				"{\"title\":\"leite\"}},{\"name\":\"list_tasks\"}]},{\"text\":\"Pronto.\"}]}"));
			request.only = order[from];
			ERR(llm_chat(s->req, &request, &reply));
			CHECK_INT(reply->calls_n, 2);
			for (size_t i = 0; i < 2; i++)
				results[i] = (struct llm_result){ reply->calls[i].id, reply->calls[i].name,
								  json_object(s->pool), false };
			m[1] = (struct llm_message){ .role = LLM_MODEL, .reply = reply };
			m[2] = (struct llm_message){ .role = LLM_RESULTS,
						     .results = results,
						     .results_n = 2 };
			request.messages_n = 3;
			request.only = order[to];
			ERR(err_wrap(llm_chat(s->req, &request, &reply), "from %s to %s",
				     config_provider_name(order[from]), config_provider_name(order[to])));
			CHECK_TEXT(reply->text, "Pronto.");
		}
	return NULL;
}

TEST(any_provider_takes_over_from_any)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini,openai,anthropic,xai,deepseek,ollama",
					     NULL };

	return llm_scene_run(t, pairs, change_house);
}

static err_t *odd_calls(struct llm_scene *s)
{
	static const char *const faults[] = { "no_ids", "same_ids", "malformed_args", "no_args",
					      "blank_lines" };
	struct llm_message m[3] = { { .role = LLM_PERSON, .text = "comprar leite" } };

	for (size_t k = 0; k < sizeof faults / sizeof *faults; k++) {
		struct llm_request request = llm_scene_request(s, m, 1);
		struct llm_result results[2];
		struct llm_reply *reply;

		ERR(llm_scene_script(
			s,
			mem_fmt(s->pool,
				"{\"steps\":[{\"fault\":\"%s\",\"calls\":[{\"name\":\"create_task\",\"args\":"
				"{\"title\":\"leite\"}},{\"name\":\"list_tasks\",\"args\":{}}]},{\"text\":\"Pronto.\"}]}",
				faults[k])));
		ERR(llm_chat(s->req, &request, &reply));
		CHECK_INT(reply->calls_n, 2);
		CHECK(!text_same(reply->calls[0].id, reply->calls[1].id));
		CHECK(!reply->calls[0].args == text_same(faults[k], "malformed_args"));
		for (size_t i = 0; i < 2; i++)
			results[i] = (struct llm_result){ reply->calls[i].id, reply->calls[i].name,
							  json_object(s->pool), true };
		m[1] = (struct llm_message){ .role = LLM_MODEL, .reply = reply };
		m[2] = (struct llm_message){ .role = LLM_RESULTS, .results = results, .results_n = 2 };
		request.messages_n = 3;
		ERR(err_wrap(llm_chat(s->req, &request, &reply), "%s", faults[k]));
		CHECK_TEXT(reply->text, "Pronto.");
	}
	return NULL;
}

TEST(odd_calls_can_be_answered)
{
	static const char *const pairs[] = { "LLM_PROVIDER=ollama", NULL };

	return llm_scene_run(t, pairs, odd_calls);
}

static err_t *streams(struct llm_scene *s)
{
	static const enum config_provider all[] = { PROVIDER_GEMINI, PROVIDER_OPENAI, PROVIDER_ANTHROPIC,
						    PROVIDER_DEEPSEEK };
	struct llm_message m[3] = { { .role = LLM_PERSON, .text = "comprar leite" } };
	struct llm_request request = llm_scene_request(s, m, 1);
	struct llm_reply *reply;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct llm_result result;

		request.only = all[i];
		request.messages_n = 1;
		ERR(llm_scene_script(
			s,
			"{\"steps\":[{\"fault\":\"stream_error\",\"stream\":true,\"text\":\"meio\"},"
			"{\"stream\":true,\"text\":\"Olá, você!\",\"calls\":[{\"name\":\"create_task\",\"args\":"
			"{\"title\":\"pão é bom\"}}]},{\"text\":\"Fim.\"},"
			"{\"fault\":\"stream_cut\",\"stream\":true,\"text\":\"meio\"}]}"));
		ERR(llm_chat(s->req, &request, &reply)); /* after the error, which is one to try again */
		CHECK_TEXT(reply->text, "Olá, você!");
		CHECK_INT(reply->calls_n, 1);
		CHECK_TEXT(json_text(reply->calls[0].args, "title"), "pão é bom");
		CHECK_INT(reply->usage.out, 20);
		m[1] = (struct llm_message){ .role = LLM_MODEL, .reply = reply };
		result = (struct llm_result){ reply->calls[0].id, reply->calls[0].name, json_object(s->pool),
					      false };
		m[2] = (struct llm_message){ .role = LLM_RESULTS, .results = &result, .results_n = 1 };
		request.messages_n = 3;
		ERR(llm_chat(s->req, &request, &reply));
		CHECK_TEXT(reply->text, "Fim.");
		CHECK_ERR(llm_chat(s->req, &request, &reply), ERR_PROVIDER_ERROR);
	}
	return NULL;
}

TEST(streams_are_put_together)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini,openai,anthropic,deepseek", NULL };

	return llm_scene_run(t, pairs, streams);
}

static err_t *keep_rate(struct llm_scene *s)
{
	struct llm_reply *reply;
	int64_t n;

	for (int i = 0; i < 3; i++)
		ERR(llm_scene_ask(s, "oi", &reply));
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_RATE_LIMIT);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 3);
	return NULL;
}

TEST(calls_a_minute_are_limited)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "LLM_RATE_PER_MIN=3", NULL };

	return llm_scene_run(t, pairs, keep_rate);
}

/* A person who says stop is not kept waiting, wherever the call stands; nothing is left behind. */
static err_t *stop_at_once(struct llm_scene *s)
{
	static const char *const scripts[] = {
		"{\"steps\":[{\"fault\":\"timeout\",\"times\":0}]}",
		"{\"steps\":[{\"fault\":\"429\",\"retry_delay\":\"30s\",\"times\":0}]}"
	};
	int64_t n, begin = clock_mono_ms(), seen = 0;

	for (size_t i = 0; i < 2; i++) {
		struct asker a = { .s = s, .waiter = fiber_self() };
		struct fiber *f;

		ERR(llm_scene_script(s, scripts[i]));
		CHECK(f = fiber_go("asker", ask_in_fiber, &a));
		for (n = seen; n == seen;)
			ERR(llm_scene_count(s, "/", &n));
		seen = n;
		fiber_cancel(f);
		while (!a.done)
			ERR(fiber_wait(0));
		CHECK_ERR(a.err, ERR_CANCELLED);
	}
	CHECK(clock_mono_ms() - begin < 10000);
	CHECK(pg_pool_idle(db_app()));
	return NULL;
}

TEST(a_stopped_call_ends_at_once)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, stop_at_once);
}

static err_t *show_keys(struct llm_scene *s)
{
	struct json *requests;
	struct llm_reply *reply;

	ERR(llm_scene_ask(s, "oi", &reply));
	ERR(llm_scene_requests(s, &requests));
	CHECK_INT(json_len(requests), 1);
	CHECK_TEXT(json_text(requests, "0.path"), "/v1beta/models/gemini-3.8-flash:generateContent");
	CHECK_TEXT(json_text(requests, "0.headers.x-goog-api-key"), "k3y-of-gemini");
	CHECK(!strstr(json_text(requests, "0.body"), "k3y"));
	ERR(llm_scene_key(s, "another"));
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_AUTH_ERROR);
	return NULL;
}

TEST(keys_go_into_headers_only)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "GEMINI_API_KEY=k3y-of-gemini", NULL };

	return llm_scene_run(t, pairs, show_keys);
}

static err_t *find_bases(struct llm_scene *s)
{
	static const char *const bases[][2] = {
		{ "", "/v1beta/models/gemini-3.8-flash:generateContent" },
		{ "/v1beta", "/v1beta/models/gemini-3.8-flash:generateContent" },
		{ "/proxy/g", "/proxy/g/v1beta/models/gemini-3.8-flash:generateContent" },
		{ "/very", "/very/v1beta/models/gemini-3.8-flash:generateContent" },
	};
	struct llm_reply *reply;
	struct json *requests;

	for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
		s->config->gemini_api_base = mem_fmt(s->pool, "%s%s", s->standin->base, bases[i][0]);
		ERR(llm_init(s->config));
		ERR(llm_scene_ask(s, "oi", &reply));
		ERR(llm_scene_requests(s, &requests));
		CHECK_TEXT(json_text(json_item(requests, i), "path"), bases[i][1]);
	}
	return NULL;
}

TEST(a_version_is_added_to_bases_without_one)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, find_bases);
}

/* The step was signed by a model that is no longer asked. */
static err_t *lose_signature(struct llm_scene *s)
{
	struct llm_message m[3] = { { .role = LLM_PERSON, .text = "comprar leite" } };
	struct llm_request request = llm_scene_request(s, m, 1);
	struct llm_result result;
	struct llm_reply *reply;
	int64_t n;

	ERR(llm_scene_script(s,
			     "{\"steps\":[{\"calls\":[{\"name\":\"list_tasks\"}]},{\"text\":\"Pronto.\"}]}"));
	ERR(llm_chat(s->req, &request, &reply));
	json_set_text(json_at(reply->native, "parts.1"), "thoughtSignature", "QUJD");
	result = (struct llm_result){ reply->calls[0].id, "list_tasks", json_object(s->pool), false };
	m[1] = (struct llm_message){ .role = LLM_MODEL, .reply = reply };
	m[2] = (struct llm_message){ .role = LLM_RESULTS, .results = &result, .results_n = 1 };
	request.messages_n = 3;
	ERR(llm_chat(s->req, &request, &reply));
	CHECK_TEXT(reply->text, "Pronto.");
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 3);
	return NULL;
}

TEST(a_step_of_a_lost_signature_is_told_anew)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, lose_signature);
}
