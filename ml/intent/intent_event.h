/* intent_event: what is said of an appointment besides its title and time: who comes, by how much it moves, that several are meant.
 * Needs: intent_read. Used by: intent_args.
 * Each leaves args as they are where its sentence is another. */
#ifndef ML_INTENT_INTENT_EVENT_H
#define ML_INTENT_INTENT_EVENT_H

#include "ml/intent/intent_read.h"

/* "convida a Ana e o Pedro para o almoço", "adiciona a Ana na reunião": title and attendees. True: args have both. */
bool intent_event_guests(apr_pool_t *pool, const struct intent_reading *r, struct json *args);
/* "adia a reunião em uma hora", "adianta o dentista meia hora": title and shift, in minutes. True: args have them, and the
 * sentence says no other time. */
bool intent_event_shift(apr_pool_t *pool, const struct intent_reading *r, struct json *args);
/* "cancela todas as reuniões de sexta", "limpa a agenda de amanhã": not one. */
bool intent_event_several(apr_pool_t *pool, const struct intent_reading *r);

#endif
