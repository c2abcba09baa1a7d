/* Calendar files as Google, Outlook and Apple write them, and as nobody should. */
#include "core/ical_read.h"

#include "core/text.h"
#include "ml/date/date.h"
#include "tests/test.h"
#include <string.h>

#define HEAD "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n"
#define TAIL "END:VCALENDAR\r\n"

static err_t *one(apr_pool_t *pool, const char *body, struct ical_event *ret)
{
	const char *file = mem_fmt(pool, HEAD "%s" TAIL, body);
	struct ical_event *v;
	size_t n, more;

	ERR(ical_read(pool, file, strlen(file), &n, &v, &more));
	CHECK_INT(n, 1);
	CHECK_INT(more, 0);
	*ret = v[0];
	return NULL;
}

TEST(google_writes_utc_and_folds_lines)
{
	struct ical_event e;

	ERR(one(t->pool,
		"BEGIN:VEVENT\r\nDTSTART:20261120T130000Z\r\nDTEND:20261120T140000Z\r\nUID:abc@google.com\r\n"
		"ORGANIZER;CN=Chefe:mailto:chefe@example.net\r\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-A\r\n"
		" CTION;CN=Ana:mailto:ana@example.org\r\nATTENDEE:tel:123\r\nSUMMARY:Reuniã\r\n o\\, de time\r\n"
		"DESCRIPTION:linha 1\\nlinha 2\r\nLOCATION:Sala 3\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\n",
		&e));
	CHECK_TEXT(e.title, "Reunião, de time");
	CHECK_TEXT(e.zone, "Etc/UTC");
	CHECK_TEXT(date_iso(t->pool, e.start), "2026-11-20T13:00:00");
	CHECK_TEXT(date_iso(t->pool, e.end), "2026-11-20T14:00:00");
	CHECK_TEXT(e.organizer, "Chefe");
	CHECK_TEXT(e.place, "Sala 3");
	CHECK_TEXT(e.text, "linha 1\nlinha 2");
	CHECK_INT(e.guests_n, 1);
	CHECK_TEXT(e.guests[0], "ana@example.org");
	CHECK(!e.all_day && !e.cancelled && !*e.rrule);
	return NULL;
}

TEST(outlook_calls_zones_as_windows_does)
{
	struct ical_event e;

	ERR(one(t->pool,
		"BEGIN:VTIMEZONE\r\nTZID:E. South America Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
		"TZOFFSETFROM:-0300\r\nTZOFFSETTO:-0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
		"DTSTART;TZID=E. South America Standard Time:20261123T100000\r\nDURATION:PT45M\r\nSUMMARY;LANGUAGE=pt-br:Equipe\r\n"
		"RRULE:FREQ=WEEKLY;COUNT=6;BYDAY=MO\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\nUID:1\r\nEND:VEVENT\r\n",
		&e));
	CHECK_TEXT(e.zone, "America/Sao_Paulo");
	CHECK_TEXT(date_iso(t->pool, e.start), "2026-11-23T10:00:00");
	CHECK_TEXT(date_iso(t->pool, e.end), "2026-11-23T10:45:00");
	CHECK(strstr(e.rrule, "FREQ=WEEKLY") && strstr(e.rrule, "COUNT=6") && strstr(e.rrule, "BYDAY=MO"));
	CHECK_TEXT(ical_windows_zone("e. south america standard time"), "America/Sao_Paulo");
	CHECK_TEXT(ical_windows_zone("Nowhere Standard Time"), NULL);
	return NULL;
}

TEST(apple_and_others_name_them_in_their_way)
{
	struct ical_event e;

	ERR(one(t->pool,
		"BEGIN:VEVENT\r\nDTSTART;TZID=/mozilla.org/20050126_1/Europe/Lisbon:20261123T100000\r\n"
		"DTEND;TZID=/mozilla.org/20050126_1/Europe/Lisbon:20261123T113000\r\nSUMMARY:Call\r\nEND:VEVENT\r\n",
		&e));
	CHECK_TEXT(e.zone, "Europe/Lisbon");
	ERR(one(t->pool,
		"BEGIN:VTIMEZONE\r\nTZID:Minha zona\r\nX-LIC-LOCATION:America/Manaus\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
		"TZOFFSETFROM:-0400\r\nTZOFFSETTO:-0400\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
		"DTSTART;TZID=Minha zona:20261123T100000\r\nSUMMARY:X\r\nEND:VEVENT\r\n",
		&e));
	CHECK_TEXT(e.zone, "America/Manaus");
	CHECK_INT(e.end, e.start);
	ERR(one(t->pool,
		"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261210\r\nDTEND;VALUE=DATE:20261216\r\nSUMMARY:Férias\r\n"
		"STATUS:CANCELLED\r\nEND:VEVENT\r\n",
		&e));
	CHECK(e.all_day && e.cancelled);
	CHECK_TEXT(date_iso(t->pool, e.end), "2026-12-16T00:00:00");
	ERR(one(t->pool,
		"BEGIN:VEVENT\r\nDTSTART:20261210T080000\r\nSUMMARY:Solto\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n",
		&e));
	CHECK_TEXT(e.zone, "");
	CHECK_TEXT(e.rrule, "");
	return NULL;
}

TEST(what_is_no_calendar_is_refused)
{
	static const char *const files[] = { "", "Oi!", "BEGIN:VCARD\r\nEND:VCARD\r\n", "BEGIN:VEVENT\r\n" };
	struct buf deep = buf_new(t->pool, 1 << 20), many = buf_new(t->pool, 1 << 20);
	struct ical_event *v;
	size_t n, more;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		CHECK_ERR(ical_read(t->pool, files[i], strlen(files[i]), &n, &v, &more), ERR_INVALID);
	for (int i = 0; i < 20000; i++)
		buf_text(&deep, "BEGIN:VCALENDAR\r\n");
	CHECK_ERR(ical_read(t->pool, deep.p, deep.n, &n, &v, &more), ERR_INVALID);
	CHECK_ERR(ical_read(t->pool, "x", ICAL_BYTES + 1, &n, &v, &more), ERR_TOO_LARGE);
	buf_text(&many, HEAD);
	for (int i = 0; i < 120; i++)
		buf_text(
			&many,
			"BEGIN:VEVENT\r\nDTSTART:20261120T130000Z\r\nSUMMARY:x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n");
	buf_text(&many, TAIL);
	ERR(ical_read(t->pool, many.p, many.n, &n, &v, &more));
	CHECK_INT(n, ICAL_EVENTS);
	CHECK(more > 0);
	return NULL;
}
