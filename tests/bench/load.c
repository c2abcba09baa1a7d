/* The load generator: plays Telegram (and a slow model) at full speed, and measures.
 *
 *   load ack PORT SECRET CONNECTIONS SECONDS     posts updates in closed loops: durable acknowledgements/s
 *   load talk WEB_PORT_FILE PORT_FILE SECRET CHATS SECONDS WAIT_MS
 *                                                CHATS conversations in flight: each posts its next message when
 *                                                the reply to the last one arrives; answers the wait after WAIT_MS
 *   load start PORT SECRET COMMAND...            milliseconds from exec to the first durable 200
 *
 * Each prints one JSON object. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

enum { WARM_MS = 4000, GIVE_UP_MS = 60000, BUFFER = 16384, SAMPLES_MAX = 4000000, TEXT_BYTES = 400 };

/* One TCP connection, either way. */
struct link {
	uv_tcp_t tcp;
	uv_write_t write;
	uv_timer_t timer;
	char in[BUFFER], out[BUFFER];
	size_t in_n;
	double sent_at;
	int64_t update_id;
	bool timer_made;
};

static const char *secret;
static int web_port;
static uv_loop_t *loop;
static double measure_from, measure_to;
static int64_t next_update;
static double *samples;
static size_t samples_n, bad_n, acks_n, replies_n, repeats_n;
static double *chat_sent; /* when each chat's message in flight was posted */
static int64_t *chat_waiting;
static int chats_n, wait_ms, measure_s, warmed_n;
static bool warming =
	true; /* each chat's first message: its person is made, its connections open; not measured */
static uv_timer_t end_timer;
static char filler[TEXT_BYTES + 1];
static double *acks;
static bool talking;

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double percentile(double *v, size_t n, double p)
{
	size_t at = (size_t)((double)n * p);

	return n ? v[at < n ? at : n - 1] : 0;
}

static int request_text(char *out, size_t size, int64_t update_id, int64_t chat)
{
	char body[2048];
	int n = snprintf(
		body, sizeof body,
		"{\"update_id\":%lld,\"message\":{\"message_id\":%lld,\"from\":{\"id\":%lld,\"is_bot\":false,\"first_name\":\"Ana\",\"language_code\":\"pt\"},"
		"\"chat\":{\"id\":%lld,\"first_name\":\"Ana\",\"type\":\"private\"},\"date\":1790000000,\"text\":\"%s\"}}",
		(long long)update_id, (long long)update_id, (long long)chat, (long long)chat, filler);

	return snprintf(
		out, size,
		"POST /webhook/telegram HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: %s\r\n"
		"Content-Length: %d\r\n\r\n%s",
		secret, n, body);
}

/* Whether in holds a whole message; *ret_head and *ret_total: lengths. */
static bool whole(const char *in, size_t n, size_t *ret_head, size_t *ret_total)
{
	const char *end = memmem(in, n, "\r\n\r\n", 4), *line;
	size_t body = 0;

	if (!end)
		return false;
	*ret_head = (size_t)(end - in) + 4;
	for (line = in; line && line < end;
	     line = memchr(line, '\n', (size_t)(end - line)), line = line ? line + 1 : NULL)
		if (!strncasecmp(line, "Content-Length:", 15))
			body = strtoul(line + 15, NULL, 10);
	*ret_total = *ret_head + body;
	return n >= *ret_total;
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	struct link *link = handle->data;

	(void)size;
	buf->base = link->in + link->in_n;
	buf->len = sizeof link->in - 1 - link->in_n;
}

static void link_write(struct link *link, int n)
{
	uv_buf_t buf = uv_buf_init(link->out, (unsigned)n);

	if (uv_write(&link->write, (uv_stream_t *)&link->tcp, &buf, 1, NULL))
		bad_n++;
}

static void post(struct link *link, int64_t chat)
{
	link->update_id = next_update++;
	link->sent_at = now_s();
	link_write(link, request_text(link->out, sizeof link->out, link->update_id, chat));
}

static void sample(double *v, size_t *n, double seconds)
{
	double t = now_s();

	if (t >= measure_from && t < measure_to && *n < SAMPLES_MAX)
		v[(*n)++] = seconds;
}

static void on_ack(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf)
{
	struct link *link = stream->data;
	size_t head, total;

	(void)buf;
	if (got < 0) {
		bad_n++;
		uv_read_stop(stream);
		return;
	}
	link->in_n += (size_t)got;
	link->in[link->in_n] = 0;
	if (!whole(link->in, link->in_n, &head, &total))
		return;
	if (strncmp(link->in + 9, "200", 3) != 0)
		bad_n++;
	else
		sample(acks, &acks_n, now_s() - link->sent_at);
	link->in_n = 0;
	if (!talking && now_s() < measure_to)
		post(link, 100000 + (int64_t)(next_update % 5000));
}

static void on_connected(uv_connect_t *connect, int status)
{
	struct link *link = connect->data;

	free(connect);
	if (status) {
		bad_n++;
		return;
	}
	uv_tcp_nodelay(&link->tcp, 1);
	uv_read_start((uv_stream_t *)&link->tcp, on_alloc, on_ack);
	post(link, talking ? link->update_id : 100000 + (int64_t)(next_update % 5000));
}

static struct link *link_new(void)
{
	struct link *link = calloc(1, sizeof *link);

	if (!link)
		die("memory");
	uv_tcp_init(loop, &link->tcp);
	link->tcp.data = link;
	return link;
}

static struct link *link_connect(int port, int64_t first_chat)
{
	struct link *link = link_new();
	uv_connect_t *connect = calloc(1, sizeof *connect);
	struct sockaddr_in to;

	uv_ip4_addr("127.0.0.1", port, &to);
	connect->data = link;
	link->update_id = first_chat;
	if (uv_tcp_connect(connect, &link->tcp, (struct sockaddr *)&to, on_connected))
		die("connect");
	return link;
}

static void on_end(uv_timer_t *timer)
{
	(void)timer;
	uv_stop(loop);
}

static void ack_main(int port, int connections, int seconds)
{
	static uv_timer_t end;

	measure_from = now_s() + 1;
	measure_to = measure_from + seconds;
	for (int i = 0; i < connections; i++)
		link_connect(port, 0);
	uv_timer_init(loop, &end);
	uv_timer_start(&end, on_end, (uint64_t)(seconds + 2) * 1000, 0);
	uv_run(loop, UV_RUN_DEFAULT);
	qsort(acks, acks_n, sizeof *acks, by_value);
	printf("{\"acks_per_s\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"bad\":%zu}\n",
	       (double)acks_n / seconds, percentile(acks, acks_n, .5) * 1e3,
	       percentile(acks, acks_n, .99) * 1e3, bad_n);
}

/* ---- talk: the other side of the world */

static struct link **links;
static uv_timer_t *timers;

static void chats_go(void);

static void answer(struct link *link, const char *body)
{
	link_write(
		link,
		snprintf(link->out, sizeof link->out,
			 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
			 strlen(body), body));
}

static void on_waited(uv_timer_t *timer)
{
	answer(timer->data, "{\"text\":\"ok\"}");
}

/* The reply to a chat's message: measure it and say the next thing. */
static void replied(int64_t chat)
{
	int64_t i = chat - 1000;

	if (i < 0 || i >= chats_n)
		return;
	replies_n++;
	if (!chat_waiting[i]) {
		repeats_n++;
		return;
	}
	chat_waiting[i] = 0;
	if (warming) {
		if (++warmed_n == chats_n)
			chats_go();
		return;
	}
	sample(samples, &samples_n, now_s() - chat_sent[i]);
	if (now_s() < measure_to) {
		chat_sent[i] = now_s();
		chat_waiting[i] = 1;
		post(links[i], chat);
	}
}

static void on_api(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf)
{
	struct link *link = stream->data;
	size_t head, total;
	const char *chat;

	(void)buf;
	if (got < 0) {
		uv_read_stop(stream);
		return;
	}
	link->in_n += (size_t)got;
	link->in[link->in_n] = 0;
	if (!whole(link->in, link->in_n, &head, &total))
		return;
	link->in_n = 0;
	if (strstr(link->in, "/wait ")) {
		if (!link->timer_made)
			uv_timer_init(loop, &link->timer);
		link->timer_made = true;
		link->timer.data = link;
		uv_timer_start(&link->timer, on_waited, warming ? 0 : (uint64_t)wait_ms, 0);
		return;
	}
	if (strstr(link->in, "/sendMessage ") && (chat = strstr(link->in + head, "\"chat_id\":"))) {
		answer(link,
		       "{\"ok\":true,\"result\":{\"message_id\":7,\"date\":1,\"chat\":{\"id\":1,\"type\":\"private\"},\"text\":\"x\"}}");
		replied(strtoll(chat + 10, NULL, 10));
		return;
	}
	answer(link, "{\"ok\":true,\"result\":true}");
}

static void on_accept(uv_stream_t *server, int status)
{
	struct link *link = link_new();

	if (status || uv_accept(server, (uv_stream_t *)&link->tcp))
		return;
	uv_tcp_nodelay(&link->tcp, 1);
	uv_read_start((uv_stream_t *)&link->tcp, on_alloc, on_api);
}

static void port_write(const char *path, uv_tcp_t *server)
{
	struct sockaddr_in at;
	int n = sizeof at;
	FILE *f;

	uv_tcp_getsockname(server, (struct sockaddr *)&at, &n);
	f = fopen(path, "w");
	if (!f)
		die(path);
	fprintf(f, "%d\n", ntohs(at.sin_port));
	fclose(f);
}

static int port_read(const char *path)
{
	int port = 0;

	for (int i = 0; i < 1200 && !port; i++) {
		FILE *f = fopen(path, "r");
		char line[32] = "";

		if (f && fgets(line, sizeof line, f) && strchr(line, '\n'))
			port = (int)strtol(line, NULL, 10);
		if (f)
			fclose(f);
		if (!port)
			uv_run(loop, UV_RUN_NOWAIT), usleep(50000);
	}
	return port;
}

/* A chat starts; spread over the wait, or all would move in step. */
static void on_chat(uv_timer_t *timer)
{
	int64_t i = (int64_t)(intptr_t)timer->data;

	chat_sent[i] = now_s();
	chat_waiting[i] = 1;
	if (warming)
		links[i] = link_connect(web_port, 1000 + i);
	else
		post(links[i], 1000 + i);
}

static void chats_spread(int over_ms)
{
	for (int i = 0; i < chats_n; i++)
		uv_timer_start(&timers[i], on_chat, (uint64_t)((int64_t)i * over_ms / chats_n), 0);
}

/* Everyone is known and connected: now the conversations, evenly spread over the wait. */
static void chats_go(void)
{
	warming = false;
	measure_from = now_s() + wait_ms / 1e3 + 1;
	measure_to = measure_from + measure_s;
	chats_spread(wait_ms ? wait_ms : 1000);
	uv_timer_start(&end_timer, on_end, (uint64_t)((measure_to - now_s()) * 1000), 0);
}

static void chats_start(void)
{
	timers = calloc((size_t)chats_n, sizeof *timers);
	links = calloc((size_t)chats_n, sizeof *links);
	chat_sent = calloc((size_t)chats_n, sizeof *chat_sent);
	chat_waiting = calloc((size_t)chats_n, sizeof *chat_waiting);
	for (int i = 0; i < chats_n; i++) {
		uv_timer_init(loop, &timers[i]);
		timers[i].data = (void *)(intptr_t)i;
	}
	chats_spread(WARM_MS);
}

static void talk_main(const char *web_file, const char *port_file, int seconds)
{
	static uv_tcp_t server;
	struct sockaddr_in at;
	double rate, ideal;

	uv_ip4_addr("127.0.0.1", 0, &at);
	uv_tcp_init(loop, &server);
	if (uv_tcp_bind(&server, (struct sockaddr *)&at, 0) ||
	    uv_listen((uv_stream_t *)&server, 4096, on_accept))
		die("listen");
	port_write(port_file, &server);
	talking = true;
	web_port = port_read(web_file);
	if (!web_port)
		die("no web port");
	measure_s = seconds;
	uv_timer_init(loop, &end_timer);
	uv_timer_start(&end_timer, on_end, GIVE_UP_MS, 0);
	chats_start();
	uv_run(loop, UV_RUN_DEFAULT);
	rate = (double)samples_n / seconds;
	ideal = wait_ms ? chats_n * 1e3 / wait_ms : rate;
	qsort(samples, samples_n, sizeof *samples, by_value);
	qsort(acks, acks_n, sizeof *acks, by_value);
	printf("{\"chats\":%d,\"wait_ms\":%d,\"rate_per_s\":%.1f,\"ideal_per_s\":%.1f,\"ratio\":%.4f,\"added_p50_ms\":%.2f,\"added_p99_ms\":%.2f,"
	       "\"added_max_ms\":%.2f,\"ack_p99_ms\":%.2f,\"replies\":%zu,\"repeats\":%zu,\"bad\":%zu}\n",
	       chats_n, wait_ms, rate, ideal, rate / ideal,
	       percentile(samples, samples_n, .5) * 1e3 - wait_ms,
	       percentile(samples, samples_n, .99) * 1e3 - wait_ms,
	       samples_n ? samples[samples_n - 1] * 1e3 - wait_ms : 0, percentile(acks, acks_n, .99) * 1e3,
	       replies_n, repeats_n, bad_n);
}

/* ---- start: exec to the first durable 200 */

static bool try_once(int port)
{
	char out[4096], in[512] = "";
	int fd = socket(AF_INET, SOCK_STREAM, 0), n = request_text(out, sizeof out, next_update, 424242);
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	bool ok = connect(fd, (struct sockaddr *)&to, sizeof to) == 0 && write(fd, out, (size_t)n) == n &&
		  read(fd, in, sizeof in - 1) > 12 && !strncmp(in + 9, "200", 3);

	close(fd);
	return ok;
}

static int start_main(int port, char **command)
{
	double t0 = now_s();
	pid_t pid = fork();

	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO); /* our own output is one JSON object */
		execvp(command[0], command);
		die(command[0]);
	}
	while (!try_once(port) && now_s() - t0 < 20)
		usleep(500);
	printf("{\"first_200_ms\":%.1f}\n", (now_s() - t0) * 1e3);
	fflush(stdout);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	return 0;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	loop = uv_default_loop();
	memset(filler, 'y', TEXT_BYTES);
	samples = malloc(sizeof *samples * SAMPLES_MAX);
	acks = malloc(sizeof *acks * SAMPLES_MAX);
	next_update = (int64_t)time(NULL) * 100000;
	if (argc == 6 && !strcmp(argv[1], "ack")) {
		secret = argv[3];
		ack_main((int)strtol(argv[2], NULL, 10), (int)strtol(argv[4], NULL, 10),
			 (int)strtol(argv[5], NULL, 10));
		return bad_n > 0;
	}
	if (argc == 8 && !strcmp(argv[1], "talk")) {
		secret = argv[4];
		chats_n = (int)strtol(argv[5], NULL, 10);
		wait_ms = (int)strtol(argv[7], NULL, 10);
		talk_main(argv[2], argv[3], (int)strtol(argv[6], NULL, 10));
		return 0;
	}
	if (argc > 4 && !strcmp(argv[1], "start")) {
		secret = argv[3];
		return start_main((int)strtol(argv[2], NULL, 10), argv + 4);
	}
	fprintf(stderr, "usage: load ack|talk|start ... (see the head of load.c)\n");
	return 2;
}
