#include "ml/guard/guard_part.h"

#include "core/crypt.h"
#include "core/limits.h"
#include "core/text.h"
#include <apr_hash.h>
#include <string.h>

#define HIDDEN "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2" /* three bullets */

enum { TOKEN_HEX = 12, PHONE_TAIL = 8, DEPTH_MAX = LIMIT_JSON_DEPTH + 8 };

/* A value that stands behind a placeholder. */
struct masked {
	enum guard_kind kind;
	const char *value; /* as it was written */
	const char *link;  /* what stood before it in a link of the person's, NULL: it stood in none */
};

struct phone {
	struct phone *next;
	const char *digits;
};

struct guard {
	apr_pool_t *pool;
	const char *seed;
	enum config_privacy policy;
	unsigned found;
	apr_hash_t *tokens; /* hex -> struct masked */
	apr_hash_t *known;  /* "kind:canonical value" */
	apr_hash_t *phones; /* last digits -> struct phone */
};

struct guard *guard_new(apr_pool_t *pool, const char *seed, enum config_privacy policy)
{
	struct guard *guard = MEM_NEW(pool, struct guard);

	guard->pool = pool;
	guard->seed = mem_text(pool, seed);
	guard->policy = policy;
	guard->tokens = apr_hash_make(pool);
	guard->known = apr_hash_make(pool);
	guard->phones = apr_hash_make(pool);
	return guard;
}

static const char *kind_name(enum guard_kind kind)
{
	return guard_names[__builtin_ctz(kind)];
}

/* --- values that may stand in an answer ------------------------------------------------------------ */

/* As it is compared: digits of numbers, lower case of others. */
static const char *canonical(apr_pool_t *pool, const struct guard_view *v, const struct guard_span *span)
{
	bool digits = span->kind != GUARD_EMAIL && span->kind != GUARD_PIX;
	struct buf b = buf_new(pool, span->to - span->from + 1);

	for (size_t i = span->from; i < span->to; i++)
		if (!digits || guard_alnum(v->c[i]))
			buf_char(&b, guard_low(v->c[i]));
	return b.p ? b.p : "";
}

static const char *known_key(apr_pool_t *pool, enum guard_kind kind, const char *value)
{
	return mem_fmt(pool, "%d:%s", (int)kind, value);
}

/* Phones are written with and without country and area: one is the other's end. */
static const char *phone_tail(const char *digits)
{
	size_t n = strlen(digits);

	return n > PHONE_TAIL ? digits + n - PHONE_TAIL : digits;
}

static bool phone_known(const struct guard *guard, const char *digits)
{
	size_t n = strlen(digits);

	for (struct phone *p = apr_hash_get(guard->phones, phone_tail(digits), APR_HASH_KEY_STRING); p;
	     p = p->next) {
		size_t m = strlen(p->digits);

		if (n >= m ? strcmp(digits + n - m, p->digits) == 0 : strcmp(p->digits + m - n, digits) == 0)
			return true;
	}
	return false;
}

static bool is_known(const struct guard *guard, apr_pool_t *pool, const struct guard_view *v,
		     const struct guard_span *span)
{
	const char *value = canonical(pool, v, span);

	if (span->kind & GUARD_NEVER_BACK)
		return false;
	if (span->kind == GUARD_PHONE && phone_known(guard, value))
		return true;
	return apr_hash_get(guard->known, known_key(pool, span->kind, value), APR_HASH_KEY_STRING) != NULL;
}

static void remember(struct guard *guard, const struct guard_view *v, const struct guard_span *span)
{
	const char *value = canonical(guard->pool, v, span), *key = known_key(guard->pool, span->kind, value);
	struct phone *phone;

	if (span->kind & GUARD_NEVER_BACK || apr_hash_get(guard->known, key, APR_HASH_KEY_STRING))
		return;
	apr_hash_set(guard->known, key, APR_HASH_KEY_STRING, value);
	if (span->kind != GUARD_PHONE)
		return;
	phone = MEM_NEW(guard->pool, struct phone);
	phone->digits = value;
	phone->next = apr_hash_get(guard->phones, phone_tail(value), APR_HASH_KEY_STRING);
	apr_hash_set(guard->phones, phone_tail(value), APR_HASH_KEY_STRING, phone);
}

/* --- out ------------------------------------------------------------------------------------------- */

/* The part of a link that stands before byte end, NULL when end is in no link: "https://x.io/?d=", "x.io/?d=". */
static const char *link_before(apr_pool_t *pool, const char *text, size_t end)
{
	size_t from = end, dot = 0;

	while (from && (unsigned char)text[from - 1] > ' ' && !strchr("<>\"`(|", text[from - 1]))
		from--;
	for (size_t i = from; i < end; i++) {
		if (strncmp(text + i, "://", 3) == 0 || strncasecmp(text + i, "www.", 4) == 0)
			return mem_textn(pool, text + from, end - from);
		if (text[i] == '.' && guard_alpha(text[i + 1]) && guard_alpha(text[i + 2]))
			dot = i + 1;
		if (dot && strchr("/?#", text[i]))
			return mem_textn(pool, text + from, end - from);
	}
	return NULL;
}

/* The hex of a value's placeholder: a hash under the turn's seed, which no model sees. */
static NODISCARD err_t *token_of(struct guard *guard, enum guard_kind kind, const char *value,
				 const char **ret_hex)
{
	const char *input = mem_fmt(guard->pool, "%s\n%d\n%s", guard->seed, (int)kind, value);
	const char *hex =
		mem_textn(guard->pool, crypt_hash_hex(guard->pool, input, strlen(input)), TOKEN_HEX);
	struct masked *masked = apr_hash_get(guard->tokens, hex, TOKEN_HEX);

	if (masked && strcmp(masked->value, value) != 0)
		return err_new(ERR_INTERNAL, "two values have one placeholder");
	if (!masked) {
		masked = MEM_NEW(guard->pool, struct masked);
		*masked = (struct masked){ .kind = kind, .value = value };
		apr_hash_set(guard->tokens, hex, TOKEN_HEX, masked);
	}
	*ret_hex = hex;
	return NULL;
}

static NODISCARD err_t *text_check(const char *text)
{
	size_t n = text ? strnlen(text, LIMIT_GUARD_TEXT + 1) : 0;

	if (!text)
		return err_new(ERR_INVALID, "guard: no text");
	if (n > LIMIT_GUARD_TEXT)
		return err_new(ERR_TOO_LARGE, "guard: text over %d bytes", LIMIT_GUARD_TEXT);
	if (!text_utf8_valid(text, n))
		return err_new(ERR_INVALID, "guard: text is not UTF-8");
	return NULL;
}

static NODISCARD err_t *put_masked(struct guard *guard, struct buf *b, const struct guard_view *v,
				   const struct guard_span *span)
{
	size_t from = v->begin[span->from];
	const char *value = mem_textn(guard->pool, v->text + from, v->end[span->to - 1] - from), *hex = NULL;

	ERR(token_of(guard, span->kind, value, &hex));
	((struct masked *)apr_hash_get(guard->tokens, hex, TOKEN_HEX))->link =
		link_before(guard->pool, v->text, from);
	remember(guard, v, span);
	buf_fmt(b, "[%s_%s]", kind_name(span->kind), hex);
	return NULL;
}

static NODISCARD err_t *mask(struct guard *guard, apr_pool_t *scratch, const char *text, bool phone,
			     const char **ret_text)
{
	/* The shortest value found is of 1 byte, and its placeholder of 22. */
	struct buf b = buf_new(guard->pool, 24 * strlen(text) + 64);
	struct guard_view v = guard_fold(scratch, text);
	struct guard_span span;
	size_t pos = 0, at = 0;
	unsigned found = 0;

	while (guard_scan(&v, phone, &pos, &span)) {
		found |= span.kind;
		buf_put(&b, text + at, v.begin[span.from] - at);
		if (span.kind)
			ERR(put_masked(guard, &b, &v, &span));
		else
			buf_char(&b, '~');
		at = v.end[span.to - 1];
	}
	guard->found |= found;
	if (found && guard->policy == PRIVACY_BLOCK)
		return err_new(ERR_DENIED, "guard: personal data, and the policy is block");
	buf_text(&b, text + at);
	ERR(buf_check(&b));
	*ret_text = guard->policy == PRIVACY_OFF ? mem_text(guard->pool, text) : b.p ? b.p : "";
	return NULL;
}

static NODISCARD err_t *mask_text(struct guard *guard, const char *text, bool phone, const char **ret_text)
{
	apr_pool_t *scratch;
	err_t *err;

	ERR(text_check(text));
	scratch = pool_child(guard->pool);
	err = mask(guard, scratch, text, phone, ret_text);
	pool_free(scratch);
	return err;
}

err_t *guard_mask(struct guard *guard, const char *text, const char **ret_text)
{
	return mask_text(guard, text, false, ret_text);
}

void guard_know(struct guard *guard, const char *text)
{
	struct guard_view v;
	struct guard_span span;
	size_t pos = 0;
	err_t *err = text_check(text);
	apr_pool_t *scratch;

	if (err) {
		err_clear(err); /* what is not known is hidden */
		return;
	}
	scratch = pool_child(guard->pool);
	v = guard_fold(scratch, text);
	/* As said phones: numbers of rows stand without the word. */
	while (guard_scan(&v, true, &pos, &span))
		if (span.kind)
			remember(guard, &v, &span);
	pool_free(scratch);
}

unsigned guard_found(const struct guard *guard)
{
	return guard->found;
}

/* --- JSON ------------------------------------------------------------------------------------------ */

/* One walk for both ways: texts are masked (guard) or restored (from). */
struct walk {
	struct guard *guard;
	const struct guard *from;
	apr_pool_t *pool;
	struct json *object; /* being filled */
	int depth;
};

static NODISCARD err_t *copy(struct walk *walk, const char *key, struct json *j, struct json **ret);

static NODISCARD err_t *copy_member(void *ctx, const char *key, struct json *value)
{
	struct walk *walk = ctx;
	struct json *object = walk->object, *child = NULL;

	ERR(copy(walk, key, value, &child));
	walk->object = object;
	json_set(object, key, child);
	return NULL;
}

static NODISCARD err_t *copy_object(struct walk *walk, struct json *j, struct json **ret)
{
	walk->object = *ret = json_object(walk->pool);
	return json_each(j, copy_member, walk);
}

static NODISCARD err_t *copy_array(struct walk *walk, const char *key, struct json *j, struct json **ret)
{
	struct json *array = json_array(walk->pool);

	for (size_t i = 0; i < json_len(j); i++) {
		struct json *item = NULL;

		ERR(copy(walk, key, json_item(j, i), &item));
		json_push(array, item);
	}
	*ret = array;
	return NULL;
}

/* A JSON value of its own, out of its text. */
static NODISCARD err_t *scalar(struct walk *walk, const char *text, struct json **ret)
{
	return json_read(walk->pool, text, strlen(text), ret);
}

static NODISCARD err_t *quoted(struct walk *walk, const char *text, struct json **ret)
{
	struct json *array = json_array(walk->pool);
	const char *written;

	json_push_text(array, text);
	written = json_write(walk->pool, array);
	return scalar(walk, mem_textn(walk->pool, written + 1, strlen(written) - 2), ret);
}

/* The whole value of a member that is named as a secret. */
static NODISCARD err_t *mask_secret(struct guard *guard, const char *text, const char **ret_text)
{
	const char *hex = NULL;

	ERR(text_check(text));
	guard->found |= GUARD_SECRET;
	if (guard->policy == PRIVACY_BLOCK)
		return err_new(ERR_DENIED, "guard: a secret, and the policy is block");
	if (guard->policy == PRIVACY_OFF) {
		*ret_text = mem_text(guard->pool, text);
		return NULL;
	}
	ERR(token_of(guard, GUARD_SECRET, mem_text(guard->pool, text), &hex));
	*ret_text = mem_fmt(guard->pool, "[SECRET_%s]", hex);
	return NULL;
}

static NODISCARD err_t *mask_value(struct walk *walk, const char *key, const char *text,
				   const char **ret_text)
{
	if (key && *text && guard_key_secret(key))
		return mask_secret(walk->guard, text, ret_text);
	return mask_text(walk->guard, text, key && guard_key_phone(key), ret_text);
}

/* A number whose digits are a personal one becomes a placeholder too; others stay numbers. */
static NODISCARD err_t *copy_number(struct walk *walk, const char *key, const char *text, struct json **ret)
{
	const char *masked = text;
	int64_t whole;
	const char *dot = strchr(text, '.');

	if (walk->guard && dot && strspn(dot + 1, "0") == strlen(dot + 1)) /* 52998224725.0 */
		text = mem_textn(walk->pool, text, (size_t)(dot - text));
	if (walk->guard && text_int(text, &whole))
		ERR(mask_value(walk, key, text, &masked));
	return masked == text || strcmp(masked, text) == 0 ? scalar(walk, text, ret)
							   : quoted(walk, masked, ret);
}

static NODISCARD err_t *copy_text(struct walk *walk, const char *key, const char *text, struct json **ret)
{
	if (walk->guard)
		ERR(mask_value(walk, key, text, &text));
	else
		text = guard_restore(walk->from, walk->pool, text);
	return quoted(walk, text, ret);
}

static NODISCARD err_t *copy(struct walk *walk, const char *key, struct json *j, struct json **ret)
{
	const char *written;
	err_t *err;
	double number;

	if (walk->depth >= DEPTH_MAX)
		return err_new(ERR_INVALID, "guard: JSON too deep");
	walk->depth++;
	if (!j)
		err = NULL;
	else if (json_is_object(j))
		err = copy_object(walk, j, ret);
	else if (json_is_array(j))
		err = copy_array(walk, key, j, ret);
	else if (json_text(j, NULL))
		err = copy_text(walk, key, json_text(j, NULL), ret);
	else {
		written = json_write(walk->pool, j);
		if (*written == '"') /* it holds a NUL, behind which nobody looks */
			err = err_new(ERR_INVALID, "guard: text with NUL");
		else if (json_double(j, NULL, &number))
			err = copy_number(walk, key, written, ret);
		else
			err = scalar(walk, written, ret);
	}
	walk->depth--;
	return err;
}

err_t *guard_mask_json(struct guard *guard, const struct json *j, struct json **ret_json)
{
	struct walk walk = { .guard = guard, .pool = guard->pool };
	struct json *masked = NULL;

	ERR(copy(&walk, NULL, (struct json *)(uintptr_t)j, &masked));
	*ret_json = masked;
	return NULL;
}

struct json *guard_restore_json(const struct guard *guard, apr_pool_t *pool, const struct json *j)
{
	struct walk walk = { .from = guard, .pool = pool };
	struct json *restored = NULL;
	err_t *err = copy(&walk, NULL, (struct json *)(uintptr_t)j, &restored);

	/* Only what no guard_mask_json let through comes here. */
	err_clear(err);
	return err || !restored ? json_object(pool) : restored;
}

/* --- back ------------------------------------------------------------------------------------------ */

static size_t filler(const char *s)
{
	return strspn(s, " \t\\");
}

static bool kind_word(const char *word, size_t n)
{
	for (const char *const *name = guard_names; *name; name++)
		if (strlen(*name) == n && strncasecmp(*name, word, n) == 0)
			return true;
	return false;
}

/* A placeholder in text, however a model wrote it: begin to end, brackets and back-ticks with it. */
struct placeholder {
	size_t begin, end;
	const struct masked *masked; /* NULL: none of ours */
};

/* Both brackets around [begin, end) go too, and their back-slashes when both have one. */
static void widen(const char *text, size_t *begin, size_t *end)
{
	size_t from = *begin, to = *end + filler(text + *end);
	bool escaped = memchr(text + *end, '\\', to - *end);

	while (from && strchr(" \t\\", text[from - 1]))
		from--;
	if (!from || text[from - 1] != '[' || text[to] != ']')
		return;
	from--;
	*begin = from - (escaped && from && text[from - 1] == '\\');
	*end = to + 1;
}

/* An argument that is a placeholder in back-ticks, and nothing else. */
static bool alone_in_ticks(const char *text, size_t begin, size_t end)
{
	return begin == 1 && text[0] == '`' && text[end] == '`' && !text[end + 1];
}

/* The one whose underscore is at mark; begin: what was taken already. */
static bool placeholder_at(const struct guard *guard, const char *text, size_t begin, size_t mark,
			   struct placeholder *ret)
{
	size_t word_end = mark, word, hex = mark + 1 + filler(text + mark + 1), n = 0;
	char token[TOKEN_HEX];

	while (word_end > begin && strchr(" \t\\", text[word_end - 1]))
		word_end--;
	for (word = word_end; word > begin && guard_alpha(text[word - 1]); word--)
		;
	for (; n < TOKEN_HEX && guard_hex(text[hex + n]); n++)
		token[n] = guard_low(text[hex + n]);
	if (n < TOKEN_HEX || guard_alnum(text[hex + n]) || word == word_end)
		return false;
	ret->masked = apr_hash_get(guard->tokens, token, TOKEN_HEX);
	if (!ret->masked && !kind_word(text + word, word_end - word))
		return false;
	ret->begin = word;
	ret->end = hex + n;
	widen(text, &ret->begin, &ret->end);
	if (ret->begin < begin)
		ret->begin = begin;
	if (alone_in_ticks(text, ret->begin, ret->end)) {
		ret->begin--;
		ret->end++;
	}
	return true;
}

/* What stands for a placeholder. In a link that a model writes a value would be given away to whoever owns it. */
static const char *unmasked(apr_pool_t *pool, const char *text, const struct placeholder *p)
{
	const char *link;

	if (!p->masked || (p->masked->kind & GUARD_NEVER_BACK))
		return HIDDEN;
	link = link_before(pool, text, p->begin);
	return !link || (p->masked->link && strcmp(link, p->masked->link) == 0) ? p->masked->value : HIDDEN;
}

const char *guard_restore(const struct guard *guard, apr_pool_t *pool, const char *text)
{
	struct buf b = buf_new(pool, SIZE_MAX / 2);
	size_t at = 0;

	for (const char *mark = text; (mark = strchr(mark, '_')); mark++) {
		struct placeholder p;

		if ((size_t)(mark - text) < at || !placeholder_at(guard, text, at, (size_t)(mark - text), &p))
			continue;
		buf_put(&b, text + at, p.begin - at);
		buf_text(&b, unmasked(pool, text, &p));
		at = p.end;
	}
	buf_text(&b, text + at);
	return b.p ? b.p : "";
}

/* Hides what is found, unless it is known; only: kinds that are looked at. */
static const char *hide(const struct guard *guard, apr_pool_t *pool, const char *text, unsigned only,
			unsigned *ret_kinds)
{
	apr_pool_t *scratch = pool_child(pool);
	struct guard_view v = guard_fold(scratch, text);
	struct buf b = buf_new(pool, SIZE_MAX / 2);
	struct guard_span span;
	size_t pos = 0, at = 0;

	while (guard_scan(&v, false, &pos, &span)) {
		if (!(span.kind & only) || (guard && is_known(guard, scratch, &v, &span)))
			continue;
		*ret_kinds |= span.kind;
		buf_put(&b, text + at, v.begin[span.from] - at);
		buf_text(&b, HIDDEN);
		at = v.end[span.to - 1];
	}
	buf_text(&b, text + at);
	pool_free(scratch);
	return b.p ? b.p : "";
}

err_t *guard_answer(struct guard *guard, apr_pool_t *pool, const char *text, const char **ret_text)
{
	unsigned kinds = 0;
	const char *restored;

	ERR(text_check(text));
	restored = guard_restore(guard, pool, text);
	ERR(text_check(restored));
	*ret_text = guard->policy == PRIVACY_OFF ? restored : hide(guard, pool, restored, ~0U, &kinds);
	return NULL;
}

const char *guard_scrub(apr_pool_t *pool, const char *text, unsigned *ret_kinds)
{
	*ret_kinds = 0;
	return hide(NULL, pool, text_utf8_clean(pool, text, strlen(text)), GUARD_NEVER_BACK, ret_kinds);
}
