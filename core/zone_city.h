/* zone_city: the time zone of a city or zone that somebody names.
 * Needs: zone, text. Used by: act_text, event_draft, tool_create_event, tool_set_preference, bot/talk. */
#ifndef CORE_ZONE_CITY_H
#define CORE_ZONE_CITY_H

#include "core/i18n.h"

/* "Lisboa", "new york", "America/Manaus", "horário de Brasília" -> the IANA name, in the pool; NULL when it names none that
 * we know. */
const char *zone_of_city(apr_pool_t *pool, const char *words);

/* The other way, for people: "Europe/Lisbon" -> "Lisboa", in English "Lisbon"; a zone that we have no word for is called by
 * its last part, "Porto Velho". */
const char *zone_place(apr_pool_t *pool, enum lang lang, const char *zone);

#endif
