/* json: the only door to json-c; strict where json-c is polite.
 * Needs: json-c, mem. Used by: everything.
 * A struct json belongs to the pool it was made in; parts of it live as long as the whole. */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "core/mem.h"
#include <stdint.h>

struct json; /* a json_object */

/* Parses the whole of text (n bytes): trailing text, depth over LIMIT_JSON_DEPTH, size over
 * LIMIT_JSON_BYTES, invalid UTF-8 -> ERR_INVALID. */
NODISCARD err_t *json_read(apr_pool_t *pool, const char *text, size_t n, struct json **ret_json);

/* Members by dotted path ("message.chat.id"; "result.0.id" indexes an array). NULL when absent. */
struct json *json_at(const struct json *j, const char *path);
/* The string at path ("" or NULL path = j itself); NULL when absent, not a string, or holding NUL. */
const char *json_text(const struct json *j, const char *path);
/* The integer at path; false when absent, not an integer, or out of int64 (json-c clamps). */
bool json_int(const struct json *j, const char *path, int64_t *ret_value);
bool json_double(const struct json *j, const char *path, double *ret_value);
/* True only for the literal true. */
bool json_true(const struct json *j, const char *path);
bool json_is_bool(const struct json *j);
bool json_is_object(const struct json *j);
bool json_is_array(const struct json *j);
size_t json_len(const struct json *j);                      /* of an array, else 0 */
struct json *json_item(const struct json *j, size_t index); /* of an array, else NULL */
/* Calls fn for each member of an object, in order, until it returns an error. */
NODISCARD err_t *json_each(const struct json *j, err_t *(*fn)(void *ctx, const char *key, struct json *value),
			   void *ctx);

struct json *json_object(apr_pool_t *pool);
struct json *json_array(apr_pool_t *pool);
/* NULL text writes null. A child's ownership passes to its parent. */
void json_set_text(struct json *o, const char *key, const char *text);
void json_set_int(struct json *o, const char *key, int64_t value);
void json_set_double(struct json *o, const char *key, double value);
void json_set_bool(struct json *o, const char *key, bool value);
void json_set(struct json *o, const char *key, struct json *child);
void json_push(struct json *array, struct json *child);
void json_push_text(struct json *array, const char *text);
void json_push_int(struct json *array, int64_t value);
void json_push_double(struct json *array, double value); /* null for what is no finite number */
/* Compact text in the pool, members in insertion order, '/' not escaped. */
const char *json_write(apr_pool_t *pool, const struct json *j);

/* A table that describes an object: validates and fills a C struct, or writes one. Ends with a NULL name. */
enum json_type {
	JSON_TEXT,
	JSON_INT,
	JSON_DOUBLE,
	JSON_BOOL,
	JSON_TEXTS,
	JSON_ANY,
	JSON_OBJECT,
	JSON_OBJECTS
};
enum json_flag {
	JSON_REQUIRED = 1,
	JSON_WORDS = 2, /* of a text that is written: somebody may have written it who is not the person */
};
struct json_field {
	const char *name;
	enum json_type type;
	unsigned flags;
	/* TEXT: const char *; INT: int64_t; DOUBLE: double; BOOL: bool; TEXTS: struct json_texts; ANY: struct json *;
	 * written only: OBJECT: const struct *, OBJECTS: struct json_list */
	size_t offset;
	int64_t min, max;            /* INT: the value; TEXT: bytes; TEXTS: entries */
	const char *values;          /* TEXT: allowed words separated by spaces, or NULL */
	const char *doc;             /* for people and for models */
	const struct json_field *of; /* OBJECT, OBJECTS: the table of one, and its struct's size */
	size_t size;
};
struct json_texts {
	size_t n;
	const char **v;
};
struct json_list { /* structs, one behind the other */
	size_t n;
	const void *v;
};
/* Fills dst (zeroed by the caller); *ret_seen gets bit k for field k. Unknown members, wrong types,
 * values out of range -> ERR_INVALID naming the field ("\"priority\": not one of ..."). */
NODISCARD err_t *json_decode(apr_pool_t *pool, const struct json *j, const struct json_field *fields,
			     void *dst, uint64_t *ret_seen);
/* The field of that name; NULL: none, or no table. */
const struct json_field *json_field_find(const struct json_field *fields, const char *name);
/* The object that src (a struct of the table) describes. What is not required is left out where it is empty: NULL or "",
 * 0, false, no entries. */
struct json *json_encode(apr_pool_t *pool, const struct json_field *fields, const void *src);
/* Whether j is what the table describes: ERR_INVALID names the first field that is not. */
NODISCARD err_t *json_conform(const struct json *j, const struct json_field *fields);
/* JSON Schema of the table: {"type":"object","properties":...,"required":[...]}. */
struct json *json_schema(apr_pool_t *pool, const struct json_field *fields);

#endif
