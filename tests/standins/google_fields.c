/* The `fields` of a request: which members of the answer are wanted. */
#include "tests/standins/google_world.h"

#include "core/text.h"
#include <ctype.h>
#include <string.h>

/* What any of the three answers with; another name is a slip. */
static const char known[] =
	"* kind id etag items nextPageToken nextSyncToken timeZone summary description location updated created "
	"accessRole defaultReminders method minutes status htmlLink colorId creator organizer email displayName self "
	"start end date dateTime recurrence recurringEventId originalStartTime transparency visibility iCalUID "
	"sequence attendees attendeesOmitted optional resource responseStatus comment additionalGuests "
	"extendedProperties private shared hangoutLink conferenceData createRequest requestId conferenceSolutionKey "
	"type statusCode entryPoints entryPointType uri label conferenceId conferenceSolution reminders useDefault "
	"overrides source title url guestsCanModify guestsCanInviteOthers guestsCanSeeOtherGuests eventType "
	"primary selected hidden deleted summaryOverride backgroundColor calendars busy errors domain reason "
	"timeMin timeMax resourceId resourceUri token expiration messages threadId resultSizeEstimate labelIds "
	"snippet historyId internalDate sizeEstimate raw payload partId mimeType filename headers name value body "
	"size data attachmentId parts drafts message threads labels messageListVisibility labelListVisibility "
	"messagesTotal messagesUnread threadsTotal threadsUnread emailAddress history messagesAdded "
	"messagesDeleted labelsAdded labelsRemoved files incompleteSearch parents createdTime modifiedTime "
	"md5Checksum sha256Checksum version headRevisionId trashed explicitlyTrashed webViewLink webContentLink "
	"appProperties properties capabilities canEdit canDownload canTrash ownedByMe starred originalFilename "
	"shortcutDetails targetId user storageQuota limit usage exportFormats space ids me owners";

/* Below these, names are anybody's. */
static const char open_below[] = "private shared appProperties properties calendars exportFormats";

/* Length of the first piece, up to a comma outside brackets. */
static size_t piece(const char *s)
{
	int depth = 0;
	size_t n = 0;

	for (; s[n] && (depth || s[n] != ','); n++)
		depth += s[n] == '(' ? 1 : s[n] == ')' ? -1 : 0;
	return n;
}

static bool fields_good(const char *s)
{
	int depth = 0;
	char before = ',';

	for (; *s; before = *s++) {
		bool opened = strchr(",/(", before) != NULL;

		if (*s == '('           ? opened
		    : strchr(",/)", *s) ? opened
					: !isalnum((unsigned char)*s) && *s != '*')
			return false;
		if (before == ')' && *s != ',' && *s != ')')
			return false;
		depth += *s == '(' ? 1 : *s == ')' ? -1 : 0;
		if (depth < 0)
			return false;
	}
	return depth == 0 && !strchr(",/(", before);
}

static struct json *select_of(apr_pool_t *pool, struct json *j, const char *fields);

/* All that is asked of one name: "b" and "c,d" of "a/b,a(c,d)"; "" when the whole is. */
static const char *asked_of(apr_pool_t *pool, const char *fields, const char *name)
{
	struct buf b = buf_new(pool, 65536);
	size_t n;

	for (; *fields; fields += n + (fields[n] == ',')) {
		size_t head = strcspn(fields, "/(,");

		n = piece(fields);
		if (head != strlen(name) || strncmp(fields, name, head) != 0)
			continue;
		if (head == n)
			return "";
		if (b.n)
			buf_char(&b, ',');
		buf_put(&b, fields + head + 1, n - head - 1 - (fields[head] == '('));
	}
	return b.p ? b.p : "";
}

static struct json *select_object(apr_pool_t *pool, struct json *j, const char *fields)
{
	struct json *to = json_object(pool);
	size_t n;

	for (; *fields; fields += n + (fields[n] == ',')) {
		const char *name = mem_textn(pool, fields, strcspn(fields, "/(,")), *sub;
		struct json *value = json_member(j, name);

		n = piece(fields);
		if (text_same(name, "*"))
			return j;
		if (!value)
			continue;
		sub = asked_of(pool, fields, name);
		if (!json_has(to, name))
			json_set(to, name, *sub ? select_of(pool, value, sub) : value);
	}
	return to;
}

static struct json *select_of(apr_pool_t *pool, struct json *j, const char *fields)
{
	struct json *list;

	if (json_is_object(j))
		return select_object(pool, j, fields);
	if (!json_is_array(j))
		return j;
	list = json_array(pool);
	for (size_t i = 0; i < json_len(j); i++)
		json_push(list, select_of(pool, json_item(j, i), fields));
	return list;
}

/* Whether each name is one that there is. */
static bool names_known(apr_pool_t *pool, const char *fields)
{
	size_t n;

	for (; *fields; fields += n + (fields[n] == ',')) {
		size_t head = strcspn(fields, "/(,");
		const char *name = mem_textn(pool, fields, head);

		n = piece(fields);
		if (!text_has_word(known, name))
			return false;
		if (head < n && !text_has_word(open_below, name) &&
		    !names_known(pool,
				 mem_textn(pool, fields + head + 1, n - head - 1 - (fields[head] == '('))))
			return false;
	}
	return true;
}

struct json *fields_select(apr_pool_t *pool, const struct json *j, const char *fields)
{
	return fields_good(fields) && names_known(pool, fields) ? select_of(pool, json_copy(pool, j), fields)
								: NULL;
}
