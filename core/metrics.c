#include "core/metrics.h"

#include <dirent.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SERIES 1024
#define LABELS 3
#define LABEL_BYTES 48
#define BUCKETS 12
#define CLAIM_TRIES 1000
#define RENDER_MAX (4 * 1024 * 1024)

enum type { COUNTER, GAUGE, HISTOGRAM };
enum { FREE, CLAIMED, READY };

static const struct {
	enum type type;
	const char *name, *labels, *help;
} metrics[METRIC_COUNT] = {
#define METRIC(id, type, name, labels, help) [METRIC_##id] = { type, name, labels, help },
#include "core/metrics.def"
#undef METRIC
};

static const char *const type_names[] = { "counter", "gauge", "histogram" };
static const double bounds[BUCKETS] = { .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30 };

struct labels {
	char v[LABELS][LABEL_BYTES];
};

/* One series in shared memory. A double lives in value as its bits. */
struct series {
	atomic_int state;
	enum metric metric;
	struct labels labels;
	_Atomic uint64_t value; /* of a histogram: the sum */
	_Atomic uint64_t buckets[BUCKETS + 1];
};

static struct series *table;

static double from_bits(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, sizeof(d));
	return d;
}

static uint64_t to_bits(double d)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof(bits));
	return bits;
}

static void add(_Atomic uint64_t *value, double d)
{
	uint64_t old = atomic_load(value);

	while (!atomic_compare_exchange_weak(value, &old, to_bits(from_bits(old) + d)))
		;
}

static size_t label_count(enum metric m)
{
	size_t n = *metrics[m].labels != '\0';

	for (const char *p = metrics[m].labels; *p; p++)
		n += *p == ',';
	return n;
}

static struct labels make_labels(enum metric m, const char *const values[LABELS])
{
	struct labels l = { 0 };

	for (size_t i = 0; i < LABELS && i < label_count(m); i++)
		snprintf(l.v[i], LABEL_BYTES, "%s", values[i] ? values[i] : "");
	return l;
}

/* FNV-1a. */
static size_t hash(enum metric m, const struct labels *l)
{
	uint32_t h = 2166136261u ^ (uint32_t)m;

	for (size_t i = 0; i < LABELS; i++)
		for (size_t k = 0; k == 0 || l->v[i][k - 1]; k++) /* the NUL too: it parts the labels */
			h = (h ^ (unsigned char)l->v[i][k]) * 16777619u;
	return h % SERIES;
}

/* Waits for a claimer to finish; one killed in between leaves the slot claimed, and it is passed over. */
static bool is_ready(struct series *s)
{
	int tries = 0;

	while (atomic_load(&s->state) == CLAIMED && tries++ < CLAIM_TRIES)
		sched_yield();
	return atomic_load(&s->state) == READY;
}

static bool matches(struct series *s, enum metric m, const struct labels *l)
{
	return is_ready(s) && s->metric == m && memcmp(&s->labels, l, sizeof(*l)) == 0;
}

/* The series, made when it is missing and make is set; NULL when there is none or no room. */
static struct series *find(enum metric m, const struct labels *l, bool make)
{
	size_t at = hash(m, l);

	for (size_t i = 0; i < SERIES; i++) {
		struct series *s = &table[(at + i) % SERIES];
		int expected = FREE;
		if (atomic_load(&s->state) == FREE) {
			if (!make)
				return NULL;
			if (atomic_compare_exchange_strong(&s->state, &expected, CLAIMED)) {
				s->metric = m;
				s->labels = *l;
				atomic_store(&s->state, READY);
				return s;
			}
		}
		if (matches(s, m, l))
			return s;
	}
	return NULL;
}

/* Counts what has no room, and then gives NULL. */
static struct series *series_of(enum metric m, const char *l1, const char *l2, const char *l3)
{
	const char *const values[LABELS] = { l1, l2, l3 };

	metrics_init();

	struct labels l = make_labels(m, values);
	struct series *s = find(m, &l, true);
	if (!s && m != METRIC_SERIES_DROPPED)
		metric_add(METRIC_SERIES_DROPPED, NULL, NULL, NULL, 1);
	return s;
}

static uint64_t histogram_count(struct series *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i <= BUCKETS; i++)
		n += atomic_load(&s->buckets[i]);
	return n;
}

static double resident_bytes(void)
{
	unsigned long long pages = 0;
	char text[128] = "", *end;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f && fgets(text, sizeof(text), f)) {
		(void)strtoull(text, &end, 10);
		pages = strtoull(end, NULL, 10);
	}
	if (f)
		fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static double open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = -3; /* ".", ".." and the directory itself */

	if (!d)
		return 0;
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static double cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double disk_free(void)
{
	struct statvfs v;

	return statvfs(".", &v) == 0 ? (double)v.f_bavail * (double)v.f_frsize : 0;
}

static void read_process(void)
{
	metric_set(METRIC_DISK_FREE, NULL, NULL, NULL, disk_free());
	metric_set(METRIC_PROCESS_CPU, NULL, NULL, NULL, cpu_seconds());
	metric_set(METRIC_PROCESS_RSS, NULL, NULL, NULL, resident_bytes());
	metric_set(METRIC_PROCESS_FDS, NULL, NULL, NULL, open_fds());
}

static void put_value(struct buf *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '\\' || *s == '"')
			buf_char(b, '\\');
		if (*s == '\n')
			buf_text(b, "\\n");
		else
			buf_char(b, *s);
	}
}

/* name{label="value",...,le="bound"} and a blank. */
static void put_name(struct buf *b, struct series *s, const char *suffix, const char *le)
{
	const char *names = metrics[s->metric].labels;
	char sep = '{';

	buf_fmt(b, "%s%s", metrics[s->metric].name, suffix);
	for (size_t i = 0; i < LABELS && *names; i++) {
		size_t n = strcspn(names, ",");
		buf_fmt(b, "%c%.*s=\"", sep, (int)n, names);
		put_value(b, s->labels.v[i]);
		buf_char(b, '"');
		names += n + (names[n] == ',');
		sep = ',';
	}
	if (le) {
		buf_fmt(b, "%cle=\"%s\"", sep, le);
		sep = ',';
	}
	buf_text(b, sep == ',' ? "} " : " ");
}

static void put_histogram(struct buf *b, struct series *s)
{
	uint64_t n = 0;
	char le[16];

	for (size_t i = 0; i < BUCKETS; i++) {
		n += atomic_load(&s->buckets[i]);
		snprintf(le, sizeof(le), "%g", bounds[i]);
		put_name(b, s, "_bucket", le);
		buf_fmt(b, "%llu\n", (unsigned long long)n);
	}
	n += atomic_load(&s->buckets[BUCKETS]);
	put_name(b, s, "_bucket", "+Inf");
	buf_fmt(b, "%llu\n", (unsigned long long)n);
	put_name(b, s, "_sum", NULL);
	buf_fmt(b, "%.15g\n", from_bits(atomic_load(&s->value)));
	put_name(b, s, "_count", NULL);
	buf_fmt(b, "%llu\n", (unsigned long long)n);
}

static void put_series(struct buf *b, struct series *s)
{
	/* A late claimer can leave a series twice; only the one that lookups find is written. */
	if (find(s->metric, &s->labels, false) != s)
		return;
	if (metrics[s->metric].type == HISTOGRAM) {
		put_histogram(b, s);
		return;
	}
	put_name(b, s, "", NULL);
	buf_fmt(b, "%.15g\n", from_bits(atomic_load(&s->value)));
}

void metrics_init(void)
{
	const struct labels none = { 0 };

	if (table)
		return;
	table = mmap(NULL, SERIES * sizeof(*table), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (table == MAP_FAILED)
		abort();
	for (enum metric m = 0; m < METRIC_COUNT; m++)
		if (!*metrics[m].labels) /* shown as 0 from the start */
			(void)find(m, &none, true);
}

void metric_add(enum metric m, const char *l1, const char *l2, const char *l3, double value)
{
	struct series *s = series_of(m, l1, l2, l3);

	if (s)
		add(&s->value, value);
}

void metric_set(enum metric m, const char *l1, const char *l2, const char *l3, double value)
{
	struct series *s = series_of(m, l1, l2, l3);

	if (s)
		atomic_store(&s->value, to_bits(value));
}

void metric_observe(enum metric m, const char *l1, const char *l2, const char *l3, double seconds)
{
	struct series *s = series_of(m, l1, l2, l3);
	size_t i = 0;

	if (!s)
		return;
	while (i < BUCKETS && seconds > bounds[i])
		i++;
	atomic_fetch_add(&s->buckets[i], 1);
	add(&s->value, seconds);
}

double metric_get(enum metric m, const char *l1, const char *l2, const char *l3)
{
	const char *const values[LABELS] = { l1, l2, l3 };
	struct labels l = make_labels(m, values);

	metrics_init();

	struct series *s = find(m, &l, false);
	if (!s)
		return 0;
	return metrics[m].type == HISTOGRAM ? (double)histogram_count(s) : from_bits(atomic_load(&s->value));
}

const char *metrics_render(apr_pool_t *pool)
{
	struct buf b = buf_new(pool, RENDER_MAX);

	metrics_init();
	read_process();
	for (enum metric m = 0; m < METRIC_COUNT; m++) {
		buf_fmt(&b, "# HELP %s %s\n# TYPE %s %s\n", metrics[m].name, metrics[m].help, metrics[m].name,
			type_names[metrics[m].type]);
		for (size_t i = 0; i < SERIES; i++)
			if (atomic_load(&table[i].state) == READY && table[i].metric == m)
				put_series(&b, &table[i]);
	}
	return b.p;
}
