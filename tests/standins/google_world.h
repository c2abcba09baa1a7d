/* google_world: what the stand-in for Google holds, and one request on its way to an answer.
 * Needs: json, query. Used by: the other files of standin-google.
 * One lock over everything (google_main takes it), so nothing else here is locked. Times are the product's: clock_now(). */
#ifndef TESTS_STANDINS_GOOGLE_WORLD_H
#define TESTS_STANDINS_GOOGLE_WORLD_H

#include "core/json.h"
#include "core/query.h"

#define SCOPE_PREFIX "https://www.googleapis.com/auth/"

enum quota { QUOTA_NONE, QUOTA_CALENDAR, QUOTA_GMAIL, QUOTA_DRIVE, QUOTAS };
enum hold { HOLD_NONE, HOLD_BEFORE, HOLD_AFTER };

struct answer {
	unsigned status; /* 0: not answered yet */
	const char *type, *body;
	size_t n;             /* bytes of body */
	struct json *headers; /* or NULL */
	int64_t delay_ms;
	int64_t late_ms;   /* not 0: the connection ends now, and the effect comes that much later */
	int64_t huge;      /* so many bytes instead of the body */
	bool drop;         /* the connection ends without an answer */
	bool cut;          /* it ends in the middle of the body */
	enum hold hold;    /* kept until control releases it */
	struct list *post; /* struct post: notifications that go out while the connection waits */
	bool post_quiet;   /* ... while it does not */
};

struct ask {
	apr_pool_t *pool;
	const char *method, *path; /* path: as it came, without its query */
	const char *query_text;
	struct query query;
	struct json *headers; /* names in lower case */
	const char *raw;
	size_t raw_n;
	struct json *body;  /* of a request in JSON */
	const char *lifted; /* "raw" of a body that was too long for JSON: it stands as "" there */
	const struct route *route;
	const char *part[4]; /* what stands for {} in the route's pattern, decoded */
	struct account *account;
	const char *scopes; /* of the token, full, separated by spaces */
	bool plain;         /* no fault may happen: it had its turn */
	const char *fault;  /* that did */
	struct answer answer;
};

/* What one path does. */
struct route {
	const char *name; /* "calendar.insert" */
	const char *method, *pattern;
	const char *scopes; /* short; any of them will do. NULL: no token is asked for */
	const char *params; /* names that its query may have */
	enum quota quota;
	int units;
	void (*serve)(struct ask *ask);
};

struct list {
	void **v;
	size_t n, cap;
};
void list_add(struct list *l, void *p);
void list_drop(struct list *l, const void *p);

/* One notification of a push channel. */
struct post {
	const char *url;
	struct json *headers;
	long status;
};

struct account {
	apr_pool_t *pool;
	const char *email, *name, *sub, *zone;
	const char *granted; /* full scopes that the person gave to the project */
	const char *aliases; /* further addresses to send from */
	int64_t refreshes, exchanges;
	struct list calendars; /* struct calendar */
	struct mailbox *mailbox;
	struct list files; /* struct file */
	struct list used[QUOTAS];
};

struct world {
	apr_pool_t *pool;
	struct list accounts;
	struct list calls;     /* struct call */
	int64_t quota[QUOTAS]; /* units a minute of one person; 0: none */
	int64_t page[QUOTAS];  /* entries of a page at most; 0: as asked */
	bool empty_pages;      /* each list begins with an empty page */
	int64_t serial;        /* grows with each thing that is given out */
};
extern struct world world;

struct call {
	int64_t number;
	char *name, *method, *path, *account, *fault;
	unsigned status; /* 0: no answer */
};

void world_init(void);
struct account *world_account(const char *email);
/* Whether the zone is one; NULL: none is named. */
bool zone_known(const char *name);
/* A new one, with an empty primary calendar. */
struct account *world_account_new(const char *email, const char *name, const char *sub, const char *zone);
/* A number more than the last. */
int64_t world_next(void);
/* A copy that lives for ever; NULL gives NULL. */
char *world_keep(const char *s);
void world_replace(char **to, const char *s);
/* Puts the request, whose answer is known, into the list of calls. */
void world_record(const struct ask *ask, unsigned status);
/* How many calls of that name there were ("": all). */
int64_t world_calls(const char *name);

/* Finds the route, applies faults, asks for the token, counts units, serves; ask->answer says the rest. */
void serve(struct ask *ask);
/* The tests' side. */
void control(struct ask *ask, const char *name);
/* The account that the body names, or the first. */
struct account *control_account(struct ask *ask);
extern const struct route oauth_routes[], calendar_routes[], gmail_routes[], drive_routes[];

/* Each adds its state to what control shows; false: not its name. */
bool oauth_control(struct ask *ask, const char *name);
bool fault_control(struct ask *ask, const char *name);
bool calendar_control(struct ask *ask, const char *name);
bool gmail_control(struct ask *ask, const char *name);
bool drive_control(struct ask *ask, const char *name);

/* The fault whose turn it is is put into ask->answer; true: nothing else is to be done. */
bool fault_before(struct ask *ask);
/* What it does to an answer that is there. */
void fault_after(struct ask *ask);
/* False: too many units in a minute; the answer says so. */
bool fault_quota(struct ask *ask);

/* Sends a list of struct post, one after the other; for a thread of its own. NULL. */
void *post_send(void *posts);

/* The token of the request: fills account and scopes; false: the answer says what is wrong. */
bool oauth_check(struct ask *ask);
/* Whether the token has one of these short scopes. */
bool oauth_has(const struct ask *ask, const char *shorts);
const char *oauth_full_scope(apr_pool_t *pool, const char *scope);

/* --- answers ---------------------------------------------------------------------------------------------------- */

/* An error in the form of Google's APIs; false always. A first answer stays. */
bool deny(struct ask *ask, unsigned status, const char *reason, const char *fmt, ...) PRINTF(4, 5);
/* JSON, cut down to the request's `fields`. */
void say_json(struct ask *ask, struct json *j);
void say_bytes(struct ask *ask, const char *type, const void *p, size_t n);
void say_nothing(struct ask *ask, unsigned status);
void say_header(struct ask *ask, const char *name, const char *value);
/* Only what the selection names ("items(id,start/date),nextPageToken"); NULL when it is malformed or
 * names what there is not. */
struct json *fields_select(apr_pool_t *pool, const struct json *j, const char *fields);

/* --- requests --------------------------------------------------------------------------------------------------- */

/* Parameters of the query: NULL when absent. */
const char *param(const struct ask *ask, const char *name);
bool param_true(const struct ask *ask, const char *name);
/* Between least and most; what is over most becomes most. False: denied. */
bool param_int(struct ask *ask, const char *name, int64_t usual, int64_t least, int64_t most, int64_t *ret);
/* "true" or "false" or absent; false: denied. */
bool param_bools(struct ask *ask, const char *names);
/* Whether o is an object with no members but these words; false: denied. */
bool only_fields(struct ask *ask, const struct json *o, const char *words, const char *where);
/* The JSON body, an object; false: denied. */
bool body_needed(struct ask *ask);
/* A page's token holds a hash of the other parameters and where to go on. */
const char *page_token(struct ask *ask, const char *where);
/* What the request's pageToken holds: "" without one; NULL: denied. */
const char *page_where(struct ask *ask);

/* --- json ------------------------------------------------------------------------------------------------------- */

struct json *json_copy(apr_pool_t *pool, const struct json *j);
struct json *json_of(apr_pool_t *pool, const char *text); /* NULL when it is none */
/* o with the members of patch over it: objects are merged, null removes, all else is replaced. */
struct json *json_merged(apr_pool_t *pool, const struct json *o, const struct json *patch);
/* o without the members that words names. */
struct json *json_without(apr_pool_t *pool, const struct json *o, const char *words);
/* o with those alone. */
struct json *json_only(apr_pool_t *pool, const struct json *o, const char *words);
/* A member whose name may hold dots; NULL: absent. */
struct json *json_member(const struct json *o, const char *key);
bool json_has(const struct json *o, const char *key);
bool json_is_null(const struct json *o, const char *key);

/* --- text ------------------------------------------------------------------------------------------------------- */

const char *url_encode(apr_pool_t *pool, const char *s);
/* base64url; padded or not. */
const char *base64_url(apr_pool_t *pool, const void *p, size_t n, bool padded);
/* Strict: base64url, padding allowed, nothing else; NULL when it is none. */
void *base64_url_read(apr_pool_t *pool, const char *s, size_t *ret_n);
/* The usual alphabet, white space allowed; NULL when it is none. */
void *base64_read(apr_pool_t *pool, const char *s, size_t n, size_t *ret_n);
const char *sha256_url(apr_pool_t *pool, const char *s);
const char *sha256_hex(apr_pool_t *pool, const void *p, size_t n);
/* The words of a text, folded: " joao silva x example " of "João Silva <x@example>". */
const char *text_tokens(apr_pool_t *pool, const char *text);
/* Whether needle is in the text, whatever the case and accents. */
bool text_within(apr_pool_t *pool, const char *text, const char *needle);

#endif
