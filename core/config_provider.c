#include "core/config_table.h"

#include <string.h>

static const char *const provider_names[PROVIDER_COUNT] = {
	[PROVIDER_GEMINI] = "gemini", [PROVIDER_OPENAI] = "openai",     [PROVIDER_ANTHROPIC] = "anthropic",
	[PROVIDER_XAI] = "xai",       [PROVIDER_DEEPSEEK] = "deepseek", [PROVIDER_OLLAMA] = "ollama",
	[PROVIDER_RULES] = "rules",
};

const char *config_provider_name(enum config_provider provider)
{
	return provider < PROVIDER_COUNT ? provider_names[provider] : "unknown";
}

enum config_provider config_provider_of(const char *name)
{
	enum config_provider p = 0;

	while (p < PROVIDER_COUNT && strcmp(provider_names[p], name) != 0)
		p++;
	return p;
}

const char *config_provider_key(const struct config *cfg, enum config_provider p)
{
	switch (p) {
	case PROVIDER_GEMINI: return cfg->gemini_api_key;
	case PROVIDER_OPENAI: return cfg->openai_api_key;
	case PROVIDER_ANTHROPIC: return cfg->anthropic_api_key;
	case PROVIDER_XAI: return cfg->xai_api_key;
	case PROVIDER_DEEPSEEK: return cfg->deepseek_api_key;
	case PROVIDER_OLLAMA: return cfg->ollama_api_key;
	case PROVIDER_RULES:
	case PROVIDER_COUNT: break;
	}
	return "";
}

const char *config_provider_model(const struct config *cfg, enum config_provider p)
{
	switch (p) {
	case PROVIDER_GEMINI: return cfg->gemini_model;
	case PROVIDER_OPENAI: return cfg->openai_model;
	case PROVIDER_ANTHROPIC: return cfg->anthropic_model;
	case PROVIDER_XAI: return cfg->xai_model;
	case PROVIDER_DEEPSEEK: return cfg->deepseek_model;
	case PROVIDER_OLLAMA: return cfg->ollama_model;
	case PROVIDER_RULES:
	case PROVIDER_COUNT: break;
	}
	return "";
}
