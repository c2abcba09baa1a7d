#include "integrations/llm/llm_models.h"

#include "core/text.h"
#include <math.h>
#include <string.h>
#include <time.h>

#define DAY_BYTES 11

/* models.def is read once for each of its tables. */
#define MODEL(provider, prefix, thinking, takes, from, until)
#define PRICE(provider, prefix, in, cached, out, from, until)
#define MEDIA(provider, picture, second, page, picture_max, pages_max)
#define EMBED(provider, model, dimensions, telling)

enum {
	TEXT = 0,
	PICTURE = 1 << LLM_PICTURE,
	SOUND = 1 << LLM_SOUND,
	DOCUMENT = 1 << LLM_DOCUMENT,
	ALL = PICTURE | SOUND | DOCUMENT
};

#undef MODEL
#define MODEL(provider, prefix, thinking, takes, from, until) \
	{ PROVIDER_##provider, prefix, LLM_THINK_##thinking, takes, from, until },
static const struct model {
	enum config_provider provider;
	const char *prefix;
	enum llm_thinking thinking;
	unsigned takes;
	const char *from, *until;
} models[] = {
#include "integrations/llm/models.def"
};
#undef MODEL
#define MODEL(provider, prefix, thinking, takes, from, until)

#undef PRICE
#define PRICE(provider, prefix, in, cached, out, from, until) \
	{ PROVIDER_##provider, prefix, in, cached, out, from, until },
static const struct price {
	enum config_provider provider;
	const char *prefix;
	double in, cached, out;
	const char *from, *until;
} prices[] = {
#include "integrations/llm/models.def"
};
#undef PRICE
#define PRICE(provider, prefix, in, cached, out, from, until)

#undef MEDIA
#define MEDIA(provider, picture, second, page, picture_max, pages_max) \
	[PROVIDER_##provider] = { picture, second, page, picture_max, pages_max },
static const struct llm_media_facts media[PROVIDER_COUNT] = {
#include "integrations/llm/models.def"
};
#undef MEDIA
#define MEDIA(provider, picture, second, page, picture_max, pages_max)

#undef EMBED
#define EMBED(provider, model, dimensions, telling) \
	{ PROVIDER_##provider, { model, dimensions, LLM_TELL_##telling } },
static const struct {
	enum config_provider provider;
	struct llm_embedder embedder;
} embedders[] = {
#include "integrations/llm/models.def"
};

#define MODELS (sizeof models / sizeof *models)
#define PRICES (sizeof prices / sizeof *prices)

/* Prices change at midnight somewhere; a few hours decide nothing. */
static void day_of(int64_t now, char day[DAY_BYTES])
{
	time_t t = (time_t)(now / 1000000);
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(day, DAY_BYTES, "%Y-%m-%d", &tm))
		memcpy(day, "2026-11-21", DAY_BYTES);
}

static bool in_days(const char *day, const char *from, const char *until)
{
	return strcmp(day, from) >= 0 && (!*until || strcmp(day, until) <= 0);
}

static bool fits(const char *prefix, const char *name)
{
	size_t n = strlen(prefix);

	return strncmp(prefix, name, n) == 0 && (!n || !name[n] || strchr("-:@", name[n]));
}

/* Providers say "models/x" or "x". */
static const char *plain(const char *name)
{
	return text_starts(name, "models/") ? name + strlen("models/") : name;
}

static const struct price *find_price(enum config_provider provider, const char *name, const char *day)
{
	const struct price *best = NULL;

	for (size_t i = 0; i < PRICES; i++) {
		const struct price *p = &prices[i];

		if (p->provider == provider && fits(p->prefix, name) && in_days(day, p->from, p->until) &&
		    (!best || strlen(p->prefix) > strlen(best->prefix)))
			best = p;
	}
	return best;
}

static struct price dearest(void)
{
	struct price most = { 0 };

	for (size_t i = 0; i < PRICES; i++) {
		most.in = fmax(most.in, prices[i].in);
		most.out = fmax(most.out, prices[i].out);
	}
	most.cached = most.in;
	return most;
}

static const struct model *find_model(enum config_provider provider, const char *name, int64_t now)
{
	const struct model *best = NULL;
	char day[DAY_BYTES];

	day_of(now, day);
	for (size_t i = 0; i < MODELS; i++) {
		const struct model *m = &models[i];

		if (m->provider == provider && fits(m->prefix, plain(name)) &&
		    in_days(day, m->from, m->until) && (!best || strlen(m->prefix) > strlen(best->prefix)))
			best = m;
	}
	return best;
}

enum llm_thinking llm_model_thinking(enum config_provider provider, const char *model, int64_t now)
{
	const struct model *m = find_model(provider, model, now);

	return m ? m->thinking : LLM_THINK_NOTHING;
}

unsigned llm_model_takes(enum config_provider provider, const char *model, int64_t now)
{
	const struct model *m = find_model(provider, model, now);

	return m ? m->takes : TEXT;
}

const struct llm_media_facts *llm_model_media(enum config_provider provider)
{
	return &media[provider];
}

const struct llm_embedder *llm_model_embedder(enum config_provider provider, const char *model)
{
	for (size_t i = 0; i < sizeof embedders / sizeof *embedders; i++)
		if (embedders[i].provider == provider &&
		    (!model || text_same(embedders[i].embedder.model, plain(model))))
			return &embedders[i].embedder;
	return NULL;
}

int64_t llm_model_cost(enum config_provider provider, const char *model, const struct llm_usage *usage,
		       int64_t now, bool *ret_known)
{
	char day[DAY_BYTES];
	const struct price *found;
	struct price p;

	day_of(now, day);
	found = find_price(provider, plain(model), day);
	p = found ? *found : dearest();
	*ret_known = found != NULL;
	/* Dollars per million tokens are millionths of a dollar per token. */
	return (int64_t)ceil((double)(usage->in - usage->cached) * p.in + (double)usage->cached * p.cached +
			     (double)usage->out * p.out - 1e-6);
}

/* "gemini-3.8-flash" may answer as "gemini-3.8-flash-001", "-preview-09", "@20260902"; "qwen3" as "qwen3:latest". What goes
 * on with another word ("-lite") is another model. */
bool llm_model_same(const char *asked, const char *answered)
{
	size_t n;
	const char *rest;

	asked = plain(asked);
	answered = plain(answered);
	n = strlen(asked);
	if (n > 7 && strcmp(asked + n - 7, "-latest") == 0)
		return true;
	if (strncmp(asked, answered, n) != 0)
		return false;
	rest = answered + n;
	if (!*rest || *rest == '@' || *rest == ':')
		return true;
	return *rest == '-' && ((rest[1] >= '0' && rest[1] <= '9') || text_starts(rest, "-preview") ||
				text_starts(rest, "-exp") || text_starts(rest, "-latest"));
}
