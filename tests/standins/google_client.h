/* google_client: drives the stand-in for Google from a test.
 * Needs: tests/test.h, json, libcurl (blocking: tests are not fibers). Used by: tests/integration, tests/e2e, tests/remote.
 * The program is tests/standin-google of the build under test, or what STANDIN_GOOGLE names. One port serves all:
 * GOOGLE_AUTH_BASE = GOOGLE_TOKEN_BASE = GOOGLE_API_BASE = GMAIL_API_BASE = base. It begins with the account
 * ana@example.org (zone America/Sao_Paulo) and refuses whatever the contract forbids, as Google does; unknown parameters
 * and members too.
 *
 * POST /control/NAME takes JSON; "account" is an address (the first account without it). Answers are {"ok":true} or what
 * "->" says.
 *   account {email, name?, sub?, zone?, aliases?}      a person at Google
 *   redirect {uri}                                     registers a redirect URI
 *   consent {url, account?, deny?, drop?: [scope], error?} -> {redirect}: plays the consent without a browser
 *   oauth {expires_in?, refresh_expires_in?, deleted?} seconds that tokens live; the client is deleted
 *   expire {account?, what: access|refresh|all, subtype?}  kills tokens: 401, or invalid_grant with its error_subtype
 *   accounts -> [{email, sub, scopes, exchanges, refreshes, refresh_tokens, access_tokens}]
 *   clock {file}                                       follow the product's TEST_CLOCK_FILE
 *   quota {calendar?, gmail?, drive?}                  units a minute of one person (0: off); above it 429 and 403 in turn
 *   pages {calendar?, gmail?, drive?, empty?}          the most entries of a page; empty: lists begin with an empty one
 *   fault {call, fault, times?: 1 (0: for ever), skip?: 0, account?, retry_after_s?, effect?} or {call, schedule: [fault]}
 *   faults_clear · release {effect?: true} · wait {name, count?: 1, timeout_ms?}
 *   calls {since?, name?} -> [{number, name, method, path, status (0: no answer), account, fault?}]
 *
 * A fault's call is a name ("calendar.insert"; "gmail." and "*" for many), or "/drive/v3" or "POST /calendar/v3", the
 * beginning of a path. The fault is one of
 *   403 or 403:reason and so on   an error in Google's form (502 alone: a page)
 *   slow:MS                 the effect at once, the answer later
 *   drop                    no answer, no effect
 *   after                   the effect, then the connection is cut
 *   late:MS                 no answer; the effect comes that much later
 *   garbage, huge, cut      the effect, then no JSON, 300 MB, half of the body; "effect": false: without the effect
 *   hold:before, hold:after the call is held, before or after its effect, until release
 * A schedule gives each call that matches its own word ("": none). wait answers when so many calls of that name have been
 * made, or, for the name "held", are held.
 *
 * Calendar; "calendar" is an id ("primary" without it):
 *   calendar {id, summary?, zone?, role?, hidden?}     one more, of role owner (or writer, reader, freeBusyReader)
 *   event {calendar?, event} -> {id}                   plants one as the API would show it (organizer and eventType too), or
 *                                                      writes over the one of that id: somebody else changed it
 *   event_change {calendar?, id, patch?}               somebody else changed it; without a patch: deleted it
 *   events {calendar?} -> {inserts, events: [...]}     all of them, the deleted ones with status "cancelled"
 *   invitations -> [{calendar, event, kind: invite|update|cancel, to, sendUpdates}]  mails that would have gone out
 *   sync_expire {calendar?}                            its sync tokens get 410
 *   conference {pending?: 1, fail?}                    reads that a new conference is pending for
 *   channels -> [{id, resourceId, calendar, address, token?, expiration, live}]
 *   notify {calendar?, state?: "exists"} -> [{url, status}]  posts to each live channel. "sync" goes out by itself.
 * Names: calendar.calendars .list .insert .get .patch .update .delete .instances .move .freebusy .watch .stop
 *
 * Gmail:
 *   mail {raw: base64} or {source: "From: ...\n\n..."} or {payload: a tree as the API shows it} or {from, subject, text?, html?,
 *        to?, cc?, message_id?, references?, in_reply_to?, reply_to?, date?, attachments?: [{filename, type?, data: base64 or
 *        text}]}; and {labels?: ["INBOX","UNREAD","CATEGORY_PERSONAL"], thread?, at?: ISO or ms, decoded?: header values
 *        without RFC 2047, behind?: texts by attachmentId} -> {id, threadId}
 *   mails · sent -> [{id, threadId, labelIds, from, to, cc, bcc, subject, messageId, inReplyTo, references, text, html,
 *        attachments, raw, draft?: id}], decoded; sent: what went out, bcc too · drafts -> [{id, message: such a mail}]
 *   mail_delete {id}                                   the person deleted a mail or a draft themselves
 *   gmail {rewrite_message_id?, search_lag?: searches that do not find what was just sent}
 *   history_expire                                     older history ids get 404
 * What is sent or kept as a draft is checked: base64url, CRLF, lines of at most 998 bytes, ASCII heads with each header once,
 * encoded words, addresses, From the account's (or an alias's), MIME whole and decodable; else 400 invalidArgument.
 * Names: gmail.profile .list .get .attachment .send .modify .batchModify .trash .untrash .threads .thread .threadModify
 * .labels .label .labelCreate .drafts .draftCreate .draftGet .draftUpdate .draftSend .draftDelete .history
 *
 * Drive:
 *   file {name, text or data: base64 or size, mimeType?: "text/plain", id?, parent?, app?: this app made it, shared?, starred?,
 *        trashed?, modifiedTime?} -> {id}
 *   files -> [all that the API shows, app, gone, content]  without the root folder; gone: deleted for good
 * Names: drive.about .list .get (also alt=media) .export .generateIds .create .update .delete .upload .uploadUpdate
 * .uploadChunk
 *
 * The page of consent has no script: radio buttons #account-EMAIL, a checkbox #scope-NAME for each scope (the last part of
 * its name, as scope-calendar.events; all ticked), and the buttons #deny and #allow. The signature of an id_token is a dummy.
 * The names of calls: oauth.auth, oauth.consent, oauth.token, oauth.revoke, oauth.userinfo.
 */
#ifndef TESTS_STANDINS_GOOGLE_CLIENT_H
#define TESTS_STANDINS_GOOGLE_CLIENT_H

#include "core/json.h"
#include "tests/test.h"

struct google_standin {
	apr_pool_t *pool;
	int pid;
	const char *base; /* "http://127.0.0.1:PORT" */
	const char *client_id, *client_secret;
};

/* One call to it. */
struct google_ask {
	const char *method, *path;  /* path: with its query */
	const char *token;          /* of the Authorization, or NULL */
	const char *const *headers; /* "Name: value", NULL-terminated, or NULL */
	const char *type;           /* of the body; NULL: application/json */
	const void *body;           /* NULL: none */
	size_t body_n;              /* 0: body is text */
};
struct google_answer {
	long status;
	const char *body; /* never NULL */
	size_t n;
	struct json *json;        /* NULL: none */
	const char *location;     /* of a redirect, which is not followed; else NULL */
	const char *etag;         /* the header, or NULL */
	const char *cookie;       /* Set-Cookie, or NULL */
	const char *authenticate; /* WWW-Authenticate, or NULL */
};

/* Starts one for the test's life and waits until it answers. */
NODISCARD err_t *google_standin_start(struct test *t, struct google_standin **ret_standin);
/* Any call; ERR_HTTP only where no whole answer came. */
NODISCARD err_t *google_standin_call(struct google_standin *g, const struct google_ask *ask,
				     struct google_answer *ret_answer);
/* POST /control/path; ERR_HTTP when it refuses. body: JSON text, or NULL for {}. */
NODISCARD err_t *google_standin_control(struct google_standin *g, const char *path, const char *body,
					struct json **ret_reply);

NODISCARD err_t *google_standin_account(struct google_standin *g, const char *email);
NODISCARD err_t *google_standin_redirect(struct google_standin *g, const char *uri);
/* Agrees to an authorization URL as that account (NULL: the first). drop: scopes that are unticked, separated by spaces, or
 * NULL. */
NODISCARD err_t *google_standin_consent(struct google_standin *g, const char *url, const char *account,
					const char *drop, const char **ret_redirect);
/* Access and refresh token of an account with these scopes (as they are asked for), by a consent of its own. */
NODISCARD err_t *google_standin_token(struct google_standin *g, const char *account, const char *scopes,
				      const char **ret_access, const char **ret_refresh);
/* Plants an event (JSON) in the primary calendar of an account (NULL: the first); ret_id may be NULL. */
NODISCARD err_t *google_standin_event(struct google_standin *g, const char *account, const char *event,
				      const char **ret_id);
/* Puts a mail (JSON, as control's "mail") into the mailbox of an account; ret_id may be NULL. */
NODISCARD err_t *google_standin_mail(struct google_standin *g, const char *account, const char *mail,
				     const char **ret_id);
/* Puts a file (JSON, as control's "file") into the Drive of an account; ret_id may be NULL. */
NODISCARD err_t *google_standin_file(struct google_standin *g, const char *account, const char *file,
				     const char **ret_id);
/* What control NAME shows of that account: "events" -> {inserts, events}, and so on. */
NODISCARD err_t *google_standin_list(struct google_standin *g, const char *account, const char *name,
				     struct json **ret_reply);
/* The next `times` (0: all) calls of that name or path fail so. */
NODISCARD err_t *google_standin_fault(struct google_standin *g, const char *call, const char *fault,
				      int64_t times);
/* Until so many calls of that name were made; "held": are held. */
NODISCARD err_t *google_standin_wait(struct google_standin *g, const char *name, int64_t count);
/* Lets what is held go on. effect: what was held before its effect has it now, whoever still waits for the answer. */
NODISCARD err_t *google_standin_release(struct google_standin *g, bool effect);

#endif
