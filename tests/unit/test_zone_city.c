#include "core/zone_city.h"
#include "core/zone.h"
#include "tests/test.h"

TEST(cities_have_zones_in_both_languages)
{
	CHECK_TEXT(zone_of_city(t->pool, "Lisboa"), "Europe/Lisbon");
	CHECK_TEXT(zone_of_city(t->pool, " lisbon "), "Europe/Lisbon");
	CHECK_TEXT(zone_of_city(t->pool, "Nova York"), "America/New_York");
	CHECK_TEXT(zone_of_city(t->pool, "new york"), "America/New_York");
	CHECK_TEXT(zone_of_city(t->pool, "São Paulo"), "America/Sao_Paulo");
	CHECK_TEXT(zone_of_city(t->pool, "horário de Brasília"), "America/Sao_Paulo");
	CHECK_TEXT(zone_of_city(t->pool, "America/Manaus"), "America/Manaus");
	CHECK_TEXT(zone_of_city(t->pool, "Manaus"), "America/Manaus");
	CHECK_TEXT(zone_of_city(t->pool, "tokyo"), "Asia/Tokyo");
	return NULL;
}

TEST(zones_are_called_as_people_call_them)
{
	CHECK_TEXT(zone_place(t->pool, LANG_PT, "America/Sao_Paulo"), "São Paulo");
	CHECK_TEXT(zone_place(t->pool, LANG_PT, "Europe/Lisbon"), "Lisboa");
	CHECK_TEXT(zone_place(t->pool, LANG_EN, "Europe/Lisbon"), "Lisbon");
	CHECK_TEXT(zone_place(t->pool, LANG_PT, "America/Porto_Velho"), "Porto Velho");
	CHECK_TEXT(zone_place(t->pool, LANG_EN, "America/Indiana/Knox"), "Knox");
	CHECK_TEXT(zone_place(t->pool, LANG_EN, "Etc/UTC"), "UTC");
	CHECK_TEXT(zone_place(t->pool, LANG_EN, ""), "");
	return NULL;
}

TEST(what_is_no_city_has_no_zone)
{
	CHECK_TEXT(zone_of_city(t->pool, "casa"), NULL);
	CHECK_TEXT(zone_of_city(t->pool, ""), NULL);
	CHECK_TEXT(zone_of_city(t->pool, "../../etc/passwd"), NULL);
	CHECK_TEXT(zone_of_city(t->pool, "America/Nowhere"), NULL);
	return NULL;
}
