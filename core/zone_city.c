#include "core/zone_city.h"

#include "core/text.h"
#include "core/zone.h"
#include <stdio.h>
#include <string.h>

/* Folded. Names that the zone files do not have: Brazilian cities and what others are called in Portuguese. */
static const struct {
	const char *city, *zone;
} cities[] = {
	{ "brasilia", "America/Sao_Paulo" },
	{ "rio de janeiro", "America/Sao_Paulo" },
	{ "rio", "America/Sao_Paulo" },
	{ "sp", "America/Sao_Paulo" },
	{ "sampa", "America/Sao_Paulo" },
	{ "belo horizonte", "America/Sao_Paulo" },
	{ "bh", "America/Sao_Paulo" },
	{ "curitiba", "America/Sao_Paulo" },
	{ "porto alegre", "America/Sao_Paulo" },
	{ "florianopolis", "America/Sao_Paulo" },
	{ "floripa", "America/Sao_Paulo" },
	{ "goiania", "America/Sao_Paulo" },
	{ "vitoria", "America/Sao_Paulo" },
	{ "campinas", "America/Sao_Paulo" },
	{ "salvador", "America/Bahia" },
	{ "joao pessoa", "America/Fortaleza" },
	{ "natal", "America/Fortaleza" },
	{ "teresina", "America/Fortaleza" },
	{ "sao luis", "America/Fortaleza" },
	{ "aracaju", "America/Maceio" },
	{ "palmas", "America/Araguaina" },
	{ "macapa", "America/Belem" },
	{ "fernando de noronha", "America/Noronha" },
	{ "porto", "Europe/Lisbon" },
	{ "lisboa", "Europe/Lisbon" },
	{ "portugal", "Europe/Lisbon" },
	{ "coimbra", "Europe/Lisbon" },
	{ "madri", "Europe/Madrid" },
	{ "barcelona", "Europe/Madrid" },
	{ "espanha", "Europe/Madrid" },
	{ "londres", "Europe/London" },
	{ "inglaterra", "Europe/London" },
	{ "england", "Europe/London" },
	{ "dublin", "Europe/Dublin" },
	{ "franca", "Europe/Paris" },
	{ "france", "Europe/Paris" },
	{ "berlim", "Europe/Berlin" },
	{ "alemanha", "Europe/Berlin" },
	{ "germany", "Europe/Berlin" },
	{ "munique", "Europe/Berlin" },
	{ "munich", "Europe/Berlin" },
	{ "roma", "Europe/Rome" },
	{ "milao", "Europe/Rome" },
	{ "milan", "Europe/Rome" },
	{ "italia", "Europe/Rome" },
	{ "italy", "Europe/Rome" },
	{ "amsterda", "Europe/Amsterdam" },
	{ "bruxelas", "Europe/Brussels" },
	{ "zurique", "Europe/Zurich" },
	{ "genebra", "Europe/Zurich" },
	{ "viena", "Europe/Vienna" },
	{ "praga", "Europe/Prague" },
	{ "atenas", "Europe/Athens" },
	{ "moscou", "Europe/Moscow" },
	{ "nova york", "America/New_York" },
	{ "nova iorque", "America/New_York" },
	{ "ny", "America/New_York" },
	{ "nyc", "America/New_York" },
	{ "boston", "America/New_York" },
	{ "miami", "America/New_York" },
	{ "orlando", "America/New_York" },
	{ "washington", "America/New_York" },
	{ "san francisco", "America/Los_Angeles" },
	{ "sao francisco", "America/Los_Angeles" },
	{ "la", "America/Los_Angeles" },
	{ "seattle", "America/Los_Angeles" },
	{ "texas", "America/Chicago" },
	{ "houston", "America/Chicago" },
	{ "dallas", "America/Chicago" },
	{ "cidade do mexico", "America/Mexico_City" },
	{ "montreal", "America/Toronto" },
	{ "santiago do chile", "America/Santiago" },
	{ "chile", "America/Santiago" },
	{ "argentina", "America/Argentina/Buenos_Aires" },
	{ "uruguai", "America/Montevideo" },
	{ "montevideu", "America/Montevideo" },
	{ "assuncao", "America/Asuncion" },
	{ "toquio", "Asia/Tokyo" },
	{ "japao", "Asia/Tokyo" },
	{ "japan", "Asia/Tokyo" },
	{ "pequim", "Asia/Shanghai" },
	{ "beijing", "Asia/Shanghai" },
	{ "xangai", "Asia/Shanghai" },
	{ "china", "Asia/Shanghai" },
	{ "singapura", "Asia/Singapore" },
	{ "seul", "Asia/Seoul" },
	{ "india", "Asia/Kolkata" },
	{ "nova deli", "Asia/Kolkata" },
	{ "dubai", "Asia/Dubai" },
	{ "sidney", "Australia/Sydney" },
	{ "cidade do cabo", "Africa/Johannesburg" },
	{ "angola", "Africa/Luanda" },
	{ "mocambique", "Africa/Maputo" },
	{ "utc", "Etc/UTC" },
	{ "gmt", "Etc/UTC" },
};

/* Places whose last part of the zone is not how they are written. */
static const struct {
	const char *zone, *names[LANG_COUNT];
} places[] = {
	{ "America/Araguaina", { "Araguaína", "Araguaína" } },
	{ "America/Asuncion", { "Assunção", "Asunción" } },
	{ "America/Belem", { "Belém", "Belém" } },
	{ "America/Bogota", { "Bogotá", "Bogotá" } },
	{ "America/Cuiaba", { "Cuiabá", "Cuiabá" } },
	{ "America/Eirunepe", { "Eirunepé", "Eirunepé" } },
	{ "America/Maceio", { "Maceió", "Maceió" } },
	{ "America/Mexico_City", { "Cidade do México", "Mexico City" } },
	{ "America/New_York", { "Nova York", "New York" } },
	{ "America/Noronha", { "Fernando de Noronha", "Fernando de Noronha" } },
	{ "America/Santarem", { "Santarém", "Santarém" } },
	{ "America/Sao_Paulo", { "São Paulo", "São Paulo" } },
	{ "America/Montevideo", { "Montevidéu", "Montevideo" } },
	{ "Asia/Tokyo", { "Tóquio", "Tokyo" } },
	{ "Europe/Berlin", { "Berlim", "Berlin" } },
	{ "Europe/Lisbon", { "Lisboa", "Lisbon" } },
	{ "Europe/London", { "Londres", "London" } },
	{ "Europe/Madrid", { "Madri", "Madrid" } },
	{ "Europe/Rome", { "Roma", "Rome" } },
};

static bool is_zone(const char *name)
{
	const struct zone *zone;
	err_t *err = strchr(name, '/') ? zone_find(name, &zone) : err_new(ERR_NOT_FOUND, "no slash");
	bool is = !err;

	err_clear(err);
	return is;
}

/* "new york" of "America/New_York". */
static const char *city_of(apr_pool_t *pool, const char *zone)
{
	const char *slash = strrchr(zone, '/');
	char *city = mem_text(pool, text_fold(pool, slash ? slash + 1 : zone));

	for (char *c = city; *c; c++)
		if (*c == '_')
			*c = ' ';
	return city;
}

/* The zone files' own list of names: the third column. */
static const char *listed(apr_pool_t *pool, const char *folded)
{
	FILE *f = fopen("/usr/share/zoneinfo/tzdata.zi", "re");
	const char *found = NULL;
	char line[512];

	/* "Z Europe/Lisbon -0:36:45 ...", "L Europe/Lisbon Portugal": a zone, or another name of one */
	while (f && !found && fgets(line, sizeof line, f)) {
		const char *word = strchr(line, ' ');
		size_t n;

		if ((line[0] != 'Z' && line[0] != 'L') || line[1] != ' ')
			continue;
		if (line[0] == 'L')
			word = strchr(word + 1, ' ');
		if (!word)
			continue;
		n = strcspn(word + 1, " \n");
		word = mem_textn(pool, word + 1, n);
		if (strchr(word, '/') && text_same(city_of(pool, word), folded))
			found = word;
	}
	if (f)
		fclose(f);
	return found;
}

const char *zone_of_city(apr_pool_t *pool, const char *words)
{
	const char *trimmed = text_trim(pool, words), *folded = text_fold(pool, trimmed);

	if (!*trimmed || strlen(trimmed) > 100)
		return NULL;
	if (is_zone(trimmed))
		return mem_text(pool, trimmed);
	if (text_starts(folded, "horario de "))
		folded += strlen("horario de ");
	for (size_t i = 0; i < sizeof cities / sizeof *cities; i++)
		if (text_same(cities[i].city, folded))
			return cities[i].zone;
	return listed(pool, folded);
}

const char *zone_place(apr_pool_t *pool, enum lang lang, const char *zone)
{
	const char *slash = strrchr(zone, '/');
	char *place = mem_text(pool, slash ? slash + 1 : zone);

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (text_same(places[i].zone, zone))
			return places[i].names[lang];
	for (char *c = place; *c; c++)
		if (*c == '_')
			*c = ' ';
	return place;
}
