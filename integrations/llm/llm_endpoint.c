#include "integrations/llm/llm_endpoint.h"

#include "core/clock.h"
#include "core/text.h"
#include <string.h>

#define URL_MAX 1024

static struct llm_endpoint endpoints[PROVIDER_COUNT]; /* base NULL: not configured */

static struct llm_endpoint endpoint(enum config_provider p, const char *base, const char *key,
				    const char *model)
{
	return (struct llm_endpoint){ .provider = p, .base = base, .key = key, .model = model };
}

static struct llm_endpoint endpoint_of(const struct config *c, enum config_provider p)
{
	switch (p) {
	case PROVIDER_GEMINI: return endpoint(p, c->gemini_api_base, c->gemini_api_key, c->gemini_model);
	case PROVIDER_OPENAI: return endpoint(p, c->openai_api_base, c->openai_api_key, c->openai_model);
	case PROVIDER_ANTHROPIC:
		return endpoint(p, c->anthropic_api_base, c->anthropic_api_key, c->anthropic_model);
	case PROVIDER_XAI: return endpoint(p, c->xai_api_base, c->xai_api_key, c->xai_model);
	case PROVIDER_DEEPSEEK:
		return endpoint(p, c->deepseek_api_base, c->deepseek_api_key, c->deepseek_model);
	case PROVIDER_OLLAMA: return endpoint(p, c->ollama_api_base, c->ollama_api_key, c->ollama_model);
	case PROVIDER_RULES:
	case PROVIDER_COUNT: break;
	}
	return endpoint(p, "", "", "");
}

/* Whether a base ends in a version: "/v1", "/v1beta". */
static bool has_version(const char *base)
{
	const char *last = strrchr(base, '/');

	if (!last || last[1] != 'v' || last[2] < '0' || last[2] > '9')
		return false;
	last += 2 + strspn(last + 2, "0123456789");
	return !*last || text_starts(last, "beta") || text_starts(last, "alpha");
}

/* Without the version, which is added when a request is encoded. */
static err_t *set_endpoint(const struct config *config, enum config_provider p)
{
	struct llm_endpoint at = endpoint_of(config, p);

	if (strlen(at.base) + strlen(at.model) > URL_MAX)
		return err_new(ERR_CONFIG, "%s: base and model are too long for a URL",
			       config_provider_name(p));
	endpoints[p] = at;
	return NULL;
}

err_t *llm_endpoint_init(const struct config *config)
{
	memset(endpoints, 0, sizeof endpoints);
	for (size_t i = 0; i < config->providers_n; i++)
		if (config->providers[i] != PROVIDER_RULES)
			ERR(set_endpoint(config, config->providers[i]));
	return NULL;
}

const struct llm_endpoint *llm_endpoint_at(enum config_provider provider)
{
	return endpoints[provider].base ? &endpoints[provider] : NULL;
}

struct llm_endpoint llm_endpoint_now(apr_pool_t *pool, const struct llm_endpoint *at)
{
	struct llm_endpoint now = *at;

	if (!has_version(at->base))
		now.base =
			mem_fmt(pool, "%s/%s", at->base, at->provider == PROVIDER_GEMINI ? "v1beta" : "v1");
	now.thinking = llm_model_thinking(at->provider, at->model, clock_now());
	return now;
}

const char *llm_endpoint_bare(apr_pool_t *pool, const struct llm_endpoint *at)
{
	return has_version(at->base) ? mem_textn(pool, at->base, (size_t)(strrchr(at->base, '/') - at->base))
				     : at->base;
}
