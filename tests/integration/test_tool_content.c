#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"
#include "tools/content/content_view.h"

#include <string.h>

SAMPLE(content_ideas, "INSERT INTO content_ideas (title) VALUES ('%s')")
SAMPLE(content_posts, "INSERT INTO content_posts (title, published_at) VALUES ('%s', '2026-11-21 10:00')")

/* The scene's clock shows 2026-11-18 16:20 in São Paulo, a Wednesday. */

static const struct {
	const char *line, *channel, *format;
	int64_t views, likes, idea;
} lines[] = {
	{ "postei um vídeo no Instagram, 1200 views e 80 likes", "instagram", "video", 1200, 80, 0 },
	{ "meu reels bateu 5 mil views", NULL, "reels", 5000, -1, 0 },
	{ "my reel hit 1,2k views and 1.300 likes", NULL, "reels", 1200, 1300, 0 },
	{ "publiquei a ideia 3 hoje às 18h no linkedin", "linkedin", NULL, -1, -1, 3 },
	{ "I published idea number 4", NULL, NULL, -1, -1, 4 },
	{ "um artigo sobre 3 erros", NULL, "article", -1, -1, 0 },
};

TEST(a_line_says_where_and_how_much)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct content_words w = content_words_read(t->pool, lines[i].line);

		CHECK_TEXT(w.channel ? w.channel : "", lines[i].channel ? lines[i].channel : "");
		CHECK_TEXT(w.format ? w.format : "", lines[i].format ? lines[i].format : "");
		CHECK_INT(w.views, lines[i].views);
		CHECK_INT(w.likes, lines[i].likes);
		CHECK_INT(w.idea, lines[i].idea);
	}
	return NULL;
}

static err_t *play_ideas(struct scene *s)
{
	ERR(tool_scene_say(s, "/ideia"));
	CHECK_SAID(s, "Nenhuma ideia guardada ainda");
	ERR(tool_scene_say(s, "/ideia 5 mitos <do> café para o instagram #Café"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_SAID(s,
		   "<b>5 mitos &lt;do&gt; café para o instagram</b>\nIdeia 1 · 💡 ideia · Instagram · #café");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM content_ideas WHERE channel = 'instagram' AND status = 'idea' AND tags = '{café}'",
		1);
	ERR(tool_scene_press(s, "t:update_content_idea:id=1&status=draft"));
	CHECK_SAID(s, "✏️ rascunho");
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM content_ideas WHERE status = 'idea'", 1);
	ERR(tool_scene_call(
		s, "save_content_idea",
		"{\"text\":\"rotina\",\"theme\":\"vida\",\"format\":\"carrossel\",\"publish_on\":\"2026-11-20\"}"));
	CHECK_SAID(s, "📅 agendada · carrossel · vida · 📅 sex, 20/11");
	ERR(tool_scene_call(
		s, "update_content_idea",
		"{\"query\":\"carrossel\",\"details\":\"agenda a ideia do carrossel pra segunda\"}"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM content_ideas WHERE id = 2 AND publish_on = '2026-11-23' AND status = 'scheduled'",
		1);
	ERR(tool_scene_call(s, "update_content_idea", "{\"id\":1,\"details\":\"arquiva a ideia 1\"}"));
	ERR(tool_scene_say(s, "/ideia"));
	CHECK_SAID(s, "<b>1 ideia</b>\n\n<b>2</b> · 📅 rotina");
	ERR(tool_scene_press(s, "t:list_content_ideas:2"));
	CHECK_SAID(s, "Ideia 2");
	s->req->lang = LANG_EN;
	ERR(tool_scene_call(s, "list_content_ideas", "{\"status\":\"archived\"}"));
	CHECK_SAID(s, "<b>1 idea</b>");
	ERR(tool_scene_call(s, "list_content_ideas", "{\"channel\":\"blog\"}"));
	CHECK_SAID(s, "couldn't find an idea like that");
	ERR(tool_scene_call(s, "update_content_idea", "{\"id\":1}"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "What changes");
	return NULL;
}

TEST(an_idea_goes_its_way)
{
	return tool_scene_run(t, play_ideas);
}

static err_t *play_posts(struct scene *s)
{
	ERR(tool_scene_call(s, "save_content_idea",
			    "{\"text\":\"mitos\",\"channel\":\"linkedin\",\"theme\":\"café\"}"));
	ERR(tool_scene_press(s, "t:record_post:idea_id=1"));
	CHECK_SAID(s, "📣 Post 1 registrado: <b>mitos</b> · linkedin\n📅 hoje (qua, 18/11)");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM content_posts WHERE idea_id = 1 AND theme = 'café' AND views IS NULL",
		1);
	CHECK_COUNT(s, "SELECT count(*) FROM content_ideas WHERE status = 'published'", 1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM content_posts", 0);
	CHECK_COUNT(s, "SELECT count(*) FROM content_ideas WHERE status = 'idea'", 1);
	ERR(tool_scene_call(
		s, "record_post",
		"{\"title\":\"ideia 1\",\"details\":\"publiquei a ideia 1 ontem às 18h, 10 likes\"}"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM content_posts WHERE published_at = '2026-11-17 18:00' AND idea_id = 1 AND likes = 10",
		1);
	ERR(tool_scene_call(
		s, "record_post",
		"{\"title\":\"vídeo no instagram, 1200 views e 80 curtidas\",\"details\":\"postei um vídeo no instagram, 1200 views e 80 curtidas\"}"));
	CHECK_SAID(s, "<b>vídeo no instagram</b> · instagram · video");
	CHECK_SAID(s, "👁 1200 · ❤️ 80");
	ERR(tool_scene_call(
		s, "record_post",
		"{\"title\":\"o post\",\"details\":\"o post teve 2 mil views e 5 comentários\"}"));
	CHECK_SAID(s, "📊 Números do post 3");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM content_posts WHERE id = 3 AND views = 2000 AND likes = 80 AND comments = 5",
		1);
	CHECK_COUNT(s, "SELECT count(*) FROM content_posts", 2);
	ERR(tool_scene_call(s, "record_post", "{\"id\":2,\"shares\":7}"));
	CHECK_COUNT(s, "SELECT shares FROM content_posts WHERE id = 2", 7);
	ERR(tool_scene_call(
		s, "record_post",
		"{\"title\":\"a\",\"published_at\":\"2026-11-01T09:00:00\",\"format\":\"reels\",\"views\":1}"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM content_posts WHERE published_at = '2026-11-01 09:00' AND format = 'reels'",
		1);
	return NULL;
}

TEST(a_post_is_recorded_with_its_figures)
{
	return tool_scene_run(t, play_posts);
}

static err_t *play_bad(struct scene *s)
{
	ERR(tool_scene_call(s, "save_content_idea", "{\"text\":\" \"}"));
	CHECK_SAID(s, "Qual é a ideia?");
	ERR(tool_scene_call(s, "record_post", "{}"));
	CHECK_SAID(s, "O que você publicou?");
	ERR(tool_scene_call(s, "record_post", "{\"idea_id\":9}"));
	CHECK_SAID(s, "Não achei a ideia 9");
	ERR(tool_scene_call(s, "record_post", "{\"id\":9,\"views\":1}"));
	CHECK_SAID(s, "Não achei o post 9");
	ERR(tool_scene_call(s, "update_content_idea", "{\"status\":\"draft\"}"));
	CHECK_SAID(s, "Qual ideia?");
	CHECK_ERR(tool_scene_call(s, "record_post", "{\"title\":\"a\",\"views\":-1}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "record_post", "{\"title\":\"a\",\"published_at\":\"logo\"}"),
		  ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "save_content_idea", "{\"text\":\"a\",\"channel\":\"rádio\"}"),
		  ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "save_content_idea", "{\"text\":\"a\",\"user_id\":2}"), ERR_INVALID);
	CHECK_COUNT(s, "SELECT count(*) FROM content_posts", 0);
	ERR(tool_scene_call(s, "save_content_idea", "{\"text\":\"segredo\"}"));
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "list_content_ideas", "{\"id\":1}"));
	CHECK_SAID(s, "Não achei a ideia 1");
	ERR(tool_scene_call(s, "update_content_idea", "{\"id\":1,\"status\":\"draft\"}"));
	CHECK_SAID(s, "Não achei a ideia 1");
	ERR(tool_scene_call(s, "record_post", "{\"idea_id\":1}"));
	CHECK_SAID(s, "Não achei a ideia 1");
	CHECK_COUNT(s, "SELECT count(*) FROM content_ideas WHERE status = 'idea'", 1);
	s->req->role = ROLE_GUEST;
	CHECK_ERR(tool_scene_call(s, "record_post", "{\"title\":\"a\"}"), ERR_DENIED);
	return NULL;
}

TEST(bad_content_is_explained_or_refused)
{
	return tool_scene_run(t, play_bad);
}

static err_t *play_data(struct scene *s)
{
	ERR(tool_scene_call(
		s, "save_content_idea",
		"{\"title\":\"mitos\",\"text\":\"sobre café\",\"channel\":\"instagram\",\"theme\":\"café\",\"tags\":[\"a\",\"b\"],"
		"\"publish_on\":\"2026-11-30\"}"));
	CHECK_TEXT(
		json_write(s->pool, s->last.data),
		"{\"idea\":{\"id\":1,\"title\":\"mitos\",\"text\":\"sobre café\",\"status\":\"scheduled\",\"channel\":\"instagram\","
		"\"theme\":\"café\",\"tags\":[\"a\",\"b\"],\"publish_on\":\"2026-11-30\"}}");
	ERR(tool_scene_call(s, "save_content_idea", "{\"title\":\"mitos do chá\"}"));
	ERR(tool_scene_call(s, "list_content_ideas", "{}"));
	CHECK_DATA_INT(s, "total", 2);
	CHECK_DATA_INT(s, "ideas.1.id", 2);
	ERR(tool_scene_call(s, "list_content_ideas", "{\"id\":2}"));
	CHECK_DATA(s, "ideas.0.status", "idea");
	ERR(tool_scene_call(s, "list_content_ideas", "{\"query\":\"zebra\"}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"total\":0,\"page\":1,\"ideas\":[]}");
	ERR(tool_scene_call(s, "list_content_ideas", "{\"id\":9}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "update_content_idea", "{\"query\":\"mitos\",\"status\":\"draft\"}"));
	CHECK_DATA(s, "refused", "ambiguous");
	CHECK_DATA_INT(s, "candidates.0.id", 1);
	ERR(tool_scene_call(s, "update_content_idea", "{\"id\":1,\"status\":\"draft\"}"));
	CHECK_DATA(s, "idea.status", "draft");
	ERR(tool_scene_call(s, "update_content_idea", "{\"id\":1}"));
	CHECK_DATA(s, "refused", "nothing_to_change");
	ERR(tool_scene_call(
		s, "record_post",
		"{\"idea_id\":1,\"views\":12,\"format\":\"reels\",\"published_at\":\"2026-11-17T18:00:00\"}"));
	CHECK_TEXT(
		json_write(s->pool, s->last.data),
		"{\"post\":{\"id\":1,\"title\":\"mitos\",\"channel\":\"instagram\",\"theme\":\"café\",\"format\":\"reels\","
		"\"published_at\":\"2026-11-17T18:00:00\",\"idea_id\":1,\"views\":12}}");
	ERR(tool_scene_call(s, "record_post", "{\"id\":1,\"likes\":3}"));
	CHECK_DATA_INT(s, "post.likes", 3);
	ERR(tool_scene_call(s, "record_post", "{\"id\":7,\"likes\":3}"));
	CHECK_DATA(s, "refused", "not_found");
	return NULL;
}

TEST(ideas_and_posts_are_told_as_data)
{
	return tool_scene_run(t, play_data);
}

#define MARKED "SELECT count(*) FROM content_ideas WHERE outside"

static err_t *hidden(struct scene *s, const char *tool, const char *args)
{
	ERR(tool_scene_call(s, tool, args));
	CHECK_SAID(s, "SEGREDO");
	CHECK(s->last.outside);
	CHECK(!strstr(tool_scene_model(s, tool), "SEGREDO"));
	return NULL;
}

/* Somebody else's words stay theirs, in the post too, until the person writes others. */
static err_t *play_outside(struct scene *s)
{
	ERR(tool_scene_call(s, "save_content_idea", "{\"title\":\"SEGREDO um\",\"text\":\"SEGREDO\"}"));
	ERR(tool_scene_call(s, "save_content_idea", "{\"title\":\"SEGREDO dois\"}"));
	CHECK(!s->last.outside && strstr(tool_scene_model(s, "save_content_idea"), "SEGREDO"));
	ERR(fixture_sql(&s->f, "UPDATE content_ideas SET outside = true"));
	ERR(hidden(s, "list_content_ideas", "{}"));
	ERR(hidden(s, "list_content_ideas", "{\"id\":1}"));
	ERR(hidden(s, "update_content_idea", "{\"id\":1,\"status\":\"draft\"}"));
	ERR(hidden(s, "update_content_idea", "{\"id\":1}"));
	ERR(tool_scene_call(s, "update_content_idea", "{\"query\":\"segredo\"}"));
	CHECK(s->last.outside && strstr(tool_scene_model(s, "update_content_idea"), "\"id\":2"));
	CHECK(!strstr(tool_scene_model(s, "update_content_idea"), "SEGREDO"));
	ERR(hidden(s, "record_post", "{\"idea_id\":1}"));
	ERR(hidden(s, "record_post", "{\"id\":1,\"views\":3}"));
	ERR(hidden(s, "update_content_idea", "{\"id\":1,\"text\":\"meu\"}"));
	CHECK_COUNT(s, MARKED, 2);
	ERR(tool_scene_call(s, "update_content_idea", "{\"id\":1,\"title\":\"meu\",\"text\":\"meu\"}"));
	ERR(tool_scene_call(s, "update_content_idea", "{\"id\":2,\"title\":\"Meu\"}"));
	CHECK(strstr(tool_scene_model(s, "update_content_idea"), "Meu"));
	CHECK_COUNT(s, MARKED, 0);
	return NULL;
}

TEST(words_of_somebody_else_stay_so_in_every_idea)
{
	return tool_scene_run(t, play_outside);
}
