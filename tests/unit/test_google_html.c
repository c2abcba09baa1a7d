/* The text of mail in HTML: what people read of it, and nothing that was hidden from them. */
#include "core/text.h"
#include "integrations/google/google_css.h"
#include "integrations/google/google_html.h"
#include "tests/test.h"
#include <string.h>

struct case_of {
	const char *html, *text;
};

static err_t *check(apr_pool_t *pool, const struct case_of *cases, size_t n)
{
	bool cut;

	for (size_t i = 0; i < n; i++) {
		ERR(test_text(__FILE__, __LINE__, cases[i].html,
			      google_html_text(pool, cases[i].html, strlen(cases[i].html), &cut),
			      cases[i].text));
		CHECK(!cut);
	}
	return NULL;
}
#define CHECK_CASES(cases) ERR(check(t->pool, (cases), sizeof(cases) / sizeof *(cases)))

TEST(what_is_shown)
{
	static const struct case_of cases[] = {
		{ "", "" },
		{ "just words", "just words" },
		{ "Ol&aacute;, <b>Jo&#227;o</b>!", "Olá, João!" },
		{ "Olá, João — até amanhã", "Olá, João — até amanhã" },
		{ "<meta charset=iso-8859-1><p>ção</p>", "ção" },
		{ "<p>a</p><p>b<br>c</p>", "a\n\nb\nc" },
		{ "<div>a</div><div>b</div>", "a\nb" },
		{ "a  \n\t b&nbsp;&nbsp;c", "a b c" },
		{ "<pre>a  b\n  c</pre>", "a b\nc" },
		{ "<ul><li>one<li> <p>two</p></ul>after", "• one\n• two\n\nafter" },
		{ "<ol><li>one</li><li>two<ul><li>in</li></ul></li></ol>", "1. one\n2. two\n  • in" },
		{ "<table><tr><td>Total</td><td>R$ 10</td></tr><tr><td>Frete</td><td>R$ 2</td></tr></table>",
		  "Total | R$ 10\nFrete | R$ 2" },
		{ "<table><tr><td><img src=x></td><td>only</td></tr></table>", "only" },
		{ "see <a href=\"http://evil.example/?q=1\">the page</a>", "see the page" },
		{ "a<hr>b", "a\n\n———\n\nb" },
		{ "<a href='javascript:x'>x</a><img src='http://t.example/p.gif' onerror='y'>z", "xz" },
		{ "a &lt;b&gt; &amp; c", "a <b> & c" },
		{ "<h1>Title</h1>text", "Title\n\ntext" },
		{ "<html><head><title>no</title></head><body>yes</body></html>", "yes" },
		{ "<b>unclosed <i>words", "unclosed words" },
		{ "</div></p>stray", "stray" },
	};

	CHECK_CASES(cases);
	return NULL;
}

TEST(what_is_hidden)
{
	static const struct case_of cases[] = {
		{ "a<script>evil()</script>b", "ab" },
		{ "a<style>p{color:red}</style>b", "ab" },
		{ "a<!-- evil -->b", "ab" },
		{ "a<!--[if mso]>evil<![endif]-->b", "ab" },
		{ "a<template>evil</template><noframes>evil</noframes>b", "ab" },
		{ "a<span style=\"display:none\">evil</span>b", "ab" },
		{ "a<span style=\"DISPLAY : NONE !important\">evil <b>evil</b></span>b", "ab" },
		{ "a<span style='dis/**/play:none'>evil</span>b", "ab" },
		{ "a<span style='d\\69splay:none'>evil</span>b", "ab" },
		{ "a<span style='visibility:hidden'>evil</span>b", "ab" },
		{ "a<span style='font-size:0'>evil</span>b", "ab" },
		{ "a<span style='font-size:1px'>evil</span>b", "ab" },
		{ "a<span style='font-size:0.01em'>evil</span>b", "ab" },
		{ "a<span style='font-size:12px'>seen</span>b", "aseenb" },
		{ "a<span style='opacity:0'>evil</span>b", "ab" },
		{ "a<span style='opacity:0.9'>seen</span>b", "aseenb" },
		{ "a<span style='mso-hide:all'>evil</span>b", "ab" },
		{ "a<span style='max-height:0;overflow:hidden'>evil</span>b", "ab" },
		{ "a<span style='position:absolute;left:-9999px'>evil</span>b", "ab" },
		{ "a<span style='text-indent:-9999px'>evil</span>b", "ab" },
		{ "a<span hidden>evil</span>b", "ab" },
		{ "a<span aria-hidden=true>evil</span>b", "ab" },
		{ "a<span style='color:#fff'>evil</span>b", "ab" },
		{ "a<span style='color:white'>evil</span>b", "ab" },
		{ "a<span style='color:rgb(255, 255, 254)'>evil</span>b", "ab" },
		{ "a<span style='color:transparent'>evil</span>b", "ab" },
		{ "a<font color=\"#FFFFFF\">evil</font>b", "ab" },
		{ "<div style='background:#000;color:#fff'>seen</div>", "seen" },
		{ "<table bgcolor=#003366><tr><td><font color=white>seen</font></td></tr></table>", "seen" },
		{ "<div style='background:#000'><span style='color:#010101'>evil</span>b</div>", "" },
		{ "<div style='background:url(x.png)'><span style='color:#fff'>seen</span></div>", "seen" },
		{ "<style>.dark{background:#000}</style><p class=dark style='color:#fff'>seen</p>", "seen" },
		{ "<style>.x, p.y { display: none }</style>a<b class='z x'>evil</b><p class=y>evil</p>c",
		  "a\n\nc" },
		{ "<style>@media print{.x{display:none}} #i{font-size:0}</style><b class=x>a</b><b id=i>evil</b>",
		  "a" },
		{ "i\xE2\x80\x8Bn\xE2\x81\xA0v\xE2\x80\xAE"
		  "isible&#8203;&#x202e;",
		  "invisible" },
		{ "<div style=display:none>evil<p>evil</div>after", "after" },
		{ "a<svg><text>evil</text></svg><math>evil</math>b", "ab" },
		{ "<input value=evil><textarea>seen</textarea>", "seen" },
	};

	CHECK_CASES(cases);
	return NULL;
}

TEST(ceilings)
{
	struct buf deep = buf_new(t->pool, 8 << 20), large = buf_new(t->pool, 8 << 20);
	const char *text;
	bool cut;

	for (int i = 0; i < 100000; i++)
		buf_text(&deep, i ? "<div>" : "first<div>");
	text = google_html_text(t->pool, deep.p, deep.n, &cut);
	CHECK(cut);
	CHECK_TEXT(text, "first");
	for (int i = 0; i < 300000; i++)
		buf_text(&large, "ção ");
	text = google_html_text(t->pool, large.p, large.n, &cut);
	CHECK(cut);
	CHECK(strlen(text) <= HTML_TEXT && text_starts(text, "ção ção"));
	CHECK(text_utf8_valid(text, strlen(text)));
	return NULL;
}

TEST(colours)
{
	CHECK_INT(google_css_color("#fff"), CSS_WHITE);
	CHECK_INT(google_css_color("#FFFFFFFF"), CSS_WHITE);
	CHECK_INT(google_css_color("rgb(100%, 100%, 100%)"), CSS_WHITE);
	CHECK_INT(google_css_color("rgba(1, 2, 3, 0)"), CSS_NONE);
	CHECK_INT(google_css_color("rgba(1,2,3,.5)"), 0x010203);
	CHECK_INT(google_css_color("inherit"), CSS_UNKNOWN);
	CHECK_INT(google_css_color("#ggg"), CSS_UNKNOWN);
	CHECK_INT(google_css_color(""), CSS_UNKNOWN);
	CHECK(google_css_same_color(CSS_WHITE, 0xF8F8FF));
	CHECK(!google_css_same_color(CSS_WHITE, 0xC0C0C0));
	CHECK(!google_css_same_color(CSS_WHITE, CSS_UNKNOWN));
	return NULL;
}
