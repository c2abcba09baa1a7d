#include "db/pg_wire.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_TEXT = 25,
	OID_FLOAT8 = 701,
	OID_BYTEAS = 1001,
	OID_TEXTS = 1009,
	OID_INT8S = 1016,
	OID_TIME = 1184,
	OID_TIMES = 1185
};
/* Microseconds from 1970 to 2000, PostgreSQL's epoch. */
static const int64_t pg_epoch_us = INT64_C(946684800000000);

struct rows {
	PGresult *res;
};

static bool verbose;

/* The first match by prefix of SQLSTATE. LBxxx are our own, raised by functions of the schema. */
static const struct {
	const char *prefix;
	enum err_code code;
} states[] = {
	{ "LB404", ERR_NOT_FOUND },  { "LB403", ERR_DENIED },     { "LB409", ERR_CONFLICT },
	{ "LB429", ERR_RATE_LIMIT }, { "LBLSE", ERR_LEASE_LOST }, { "40", ERR_DB_RETRY },
	{ "55P03", ERR_DB_RETRY },   { "57014", ERR_TIMEOUT },    { "57P", ERR_UNAVAILABLE },
	{ "08", ERR_UNAVAILABLE },   { "53", ERR_UNAVAILABLE },   { "23505", ERR_CONFLICT },
	{ "42501", ERR_DENIED },
};

static char *put32(char *at, uint32_t value)
{
	value = htobe32(value);
	memcpy(at, &value, sizeof value);
	return at + sizeof value;
}

static char *put64(char *at, int64_t value)
{
	uint64_t wire = htobe64((uint64_t)value);

	memcpy(at, &wire, sizeof wire);
	return at + sizeof wire;
}

/* One dimension, from 1, with or without NULLs. */
static char *put_array_head(char *at, uint32_t oid, size_t n, bool nulls)
{
	at = put32(at, n ? 1 : 0);
	at = put32(at, nulls);
	at = put32(at, oid);
	if (!n)
		return at;
	at = put32(at, (uint32_t)n);
	return put32(at, 1);
}

static struct bytes encode_ints(apr_pool_t *pool, const struct pg_val *val)
{
	const int64_t *v = val->v.p;
	bool times = val->type == 'T';
	char *start = mem_alloc(pool, 20 + 12 * val->n),
	     *at = put_array_head(start, times ? OID_TIME : OID_INT8, val->n, false);

	for (size_t i = 0; i < val->n; i++) {
		at = put32(at, 8);
		at = put64(at, times ? v[i] - pg_epoch_us : v[i]);
	}
	return (struct bytes){ start, (size_t)(at - start) };
}

static struct bytes blob_at(const struct pg_val *val, size_t i)
{
	const char *text;

	if (val->type == 'X')
		return ((const struct bytes *)val->v.p)[i];
	text = ((const char *const *)val->v.p)[i];
	return (struct bytes){ text, text ? strlen(text) : 0 };
}

static struct bytes encode_blobs(apr_pool_t *pool, const struct pg_val *val)
{
	size_t total = 20;
	char *start, *at;

	for (size_t i = 0; i < val->n; i++)
		total += 4 + blob_at(val, i).n;
	start = mem_alloc(pool, total);
	at = put_array_head(start, val->type == 'X' ? OID_BYTEA : OID_TEXT, val->n, true);
	for (size_t i = 0; i < val->n; i++) {
		struct bytes blob = blob_at(val, i);

		at = put32(at, blob.p ? (uint32_t)blob.n : UINT32_MAX);
		if (blob.p && blob.n)
			memcpy(at, blob.p, blob.n);
		at += blob.n;
	}
	return (struct bytes){ start, (size_t)(at - start) };
}

static void set_binary(struct pg_params *params, int at, struct bytes bytes)
{
	params->values[at] = bytes.p ? bytes.p : "";
	params->lengths[at] = (int)bytes.n;
	params->formats[at] = 1;
}

static void encode_one(apr_pool_t *pool, const struct pg_val *val, struct pg_params *params, int at)
{
	params->formats[at] = 0;
	params->lengths[at] = 0;
	params->values[at] = NULL;
	if (val->null)
		return;
	switch (val->type) {
	case 'i': params->values[at] = mem_fmt(pool, "%" PRId64, val->v.i); return;
	case 'b': params->values[at] = val->v.i ? "t" : "f"; return;
	case 'd': params->values[at] = mem_fmt(pool, "%.17g", val->v.d); return;
	case 's': params->values[at] = val->v.p; return;
	case 't': {
		char *wire = mem_alloc(pool, 8);

		put64(wire, val->v.i - pg_epoch_us);
		set_binary(params, at, (struct bytes){ wire, 8 });
		return;
	}
	case 'x': set_binary(params, at, (struct bytes){ val->v.p, val->n }); return;
	case 'I':
	case 'T': set_binary(params, at, encode_ints(pool, val)); return;
	default: set_binary(params, at, encode_blobs(pool, val));
	}
}

struct pg_val pg_text_(const char *s)
{
	return (struct pg_val){ .type = 's', .null = !s, .v.p = s };
}

err_t *pg_encode(apr_pool_t *pool, const struct stmt *stmt, const struct pg_val *args, struct pg_params *ret)
{
	int n = 0;

	for (; stmt->types[n]; n++) {
		if (n == PG_PARAMS_MAX)
			return err_new(ERR_INTERNAL, "\"%s\": too many parameters", stmt->name);
		if (args[n].type != stmt->types[n])
			return err_new(ERR_INTERNAL, "\"%s\": parameter %d is '%c', not '%c'", stmt->name,
				       n + 1, args[n].type ? args[n].type : '-', stmt->types[n]);
		encode_one(pool, &args[n], ret, n);
	}
	if (args[n].type)
		return err_new(ERR_INTERNAL, "\"%s\": takes only %d parameters", stmt->name, n);
	ret->n = n;
	return NULL;
}

void pg_oids(const struct stmt *stmt, Oid oids[PG_PARAMS_MAX])
{
	static const struct {
		char letter;
		Oid oid;
	} map[] = { { 'i', OID_INT8 },  { 'b', OID_BOOL },   { 'd', OID_FLOAT8 },
		    { 'x', OID_BYTEA }, { 't', OID_TIME },   { 'I', OID_INT8S },
		    { 'S', OID_TEXTS }, { 'X', OID_BYTEAS }, { 'T', OID_TIMES } };

	for (int i = 0; stmt->types[i] && i < PG_PARAMS_MAX; i++) {
		oids[i] = 0;
		for (size_t k = 0; k < sizeof map / sizeof *map; k++)
			if (map[k].letter == stmt->types[i])
				oids[i] = map[k].oid;
	}
}

static void result_clear(void *res)
{
	PQclear(res);
}

struct rows *rows_new(apr_pool_t *pool, PGresult *res)
{
	struct rows *rows = MEM_NEW(pool, struct rows);

	rows->res = res;
	mem_cleanup(pool, res, result_clear);
	return rows;
}

static enum err_code state_code(const char *state)
{
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strncmp(state, states[i].prefix, strlen(states[i].prefix)) == 0)
			return states[i].code;
	return ERR_DB;
}

err_t *pg_error(const PGresult *res, const char *what)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *constraint = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);
	const char *table = PQresultErrorField(res, PG_DIAG_TABLE_NAME);
	const char *primary = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

	if (!state)
		return err_new(ERR_UNAVAILABLE, "\"%s\": connection lost", what);
	/* Another run of the same update was first: run again, and its step, or its operation, is found. */
	if (constraint &&
	    (strcmp(constraint, "turn_steps_pkey") == 0 || strcmp(constraint, "operations_act") == 0))
		return err_new(ERR_DB_RETRY, "\"%s\": step already taken", what);
	return err_new(state_code(state), "\"%s\": sqlstate %s%s%s%s%s%s%s", what, state,
		       table ? " table " : "", table ? table : "", constraint ? " constraint " : "",
		       constraint ? constraint : "", verbose && primary ? ": " : "",
		       verbose && primary ? primary : "");
}

void pg_verbose_errors(bool on)
{
	verbose = on;
}

int rows_count(const struct rows *rows)
{
	return PQntuples(rows->res);
}

const char *rows_tag(const struct rows *rows)
{
	return PQcmdStatus(rows->res);
}

bool rows_null(const struct rows *rows, int row, int col)
{
	return PQgetisnull(rows->res, row, col);
}

const char *rows_text(const struct rows *rows, int row, int col)
{
	return PQgetvalue(rows->res, row, col);
}

const char *rows_text_or_null(const struct rows *rows, int row, int col)
{
	return PQgetisnull(rows->res, row, col) ? NULL : PQgetvalue(rows->res, row, col);
}

int64_t rows_int(const struct rows *rows, int row, int col)
{
	return strtoll(PQgetvalue(rows->res, row, col), NULL, 10);
}

double rows_double(const struct rows *rows, int row, int col)
{
	return strtod(PQgetvalue(rows->res, row, col), NULL);
}

bool rows_bool(const struct rows *rows, int row, int col)
{
	return PQgetvalue(rows->res, row, col)[0] == 't';
}

struct bytes rows_bytes(apr_pool_t *pool, const struct rows *rows, int row, int col)
{
	size_t n = 0;
	unsigned char *raw;
	char *copy;

	if (PQgetisnull(rows->res, row, col))
		return (struct bytes){ NULL, 0 };
	raw = PQunescapeBytea((const unsigned char *)PQgetvalue(rows->res, row, col), &n);
	copy = mem_alloc(pool, n + 1);
	if (raw)
		memcpy(copy, raw, n);
	PQfreemem(raw);
	return (struct bytes){ copy, n };
}
