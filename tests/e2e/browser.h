/* browser: a real Chromium, without a window, driven over WebDriver (W3C).
 * Needs: chromedriver, libcurl, json. Used by: tests/e2e.
 * Elements are named by CSS selectors; what is not there yet is waited for. */
#ifndef TESTS_E2E_BROWSER_H
#define TESTS_E2E_BROWSER_H

#include "tests/test.h"

struct browser;

/* False where ./dev test could install none: the test is then to be skipped. */
bool browser_wanted(void);
/* Until the test ends. lang: "pt-BR"; dark: how the person likes pages. */
NODISCARD err_t *browser_start(struct test *t, const char *lang, bool dark, struct browser **ret);

NODISCARD err_t *browser_go(struct browser *b, const char *url);
NODISCARD err_t *browser_click(struct browser *b, const char *css);
/* The text that a person sees of it. */
NODISCARD err_t *browser_text(struct browser *b, const char *css, const char **ret_text);
/* Waits until it holds part. */
NODISCARD err_t *browser_await(struct browser *b, const char *css, const char *part);
NODISCARD err_t *browser_url(struct browser *b, const char **ret_url);
/* The window as a PNG in the folder that SCREENSHOTS names; without that name, nothing. */
NODISCARD err_t *browser_picture(struct browser *b, const char *name);
/* Whether the page wrote anything on the console: a blocked style, a broken link. */
NODISCARD err_t *browser_console(struct browser *b, int *ret_lines);

#endif
