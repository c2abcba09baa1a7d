-- How words are compared when people search: lower case and no accents for Latin letters, other characters
-- unchanged; the same as text_fold in core/text.c. Immutable and of no locale, so that it may serve in an index.
CREATE FUNCTION fold(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	SELECT regexp_replace(replace(replace(replace(replace(translate(translate(
		translate(lower(t COLLATE "C"), 'ÆĲŒ', 'æĳœ'),
		'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïðñòóôõöøùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠ',
		'aaaaaaceeeeiiiidnoooooouuuuyaaaaaaceeeeiiiidnoooooouuuuyyaaaaaaccccccccddddeeeeeeeeeeggggg'),
		'ġĢģĤĥĦħĨĩĪīĬĭĮįİıĴĵĶķĸĹĺĻļĽľĿŀŁłŃńŅņŇňŉŊŋŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžſ',
		'ggghhhhiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs'),
		'æ', 'ae'), 'ß', 'ss'), 'ĳ', 'ij'), 'œ', 'oe'),
		'[\u0300-\u036f]', '', 'g') -- combining accents
$$;
GRANT EXECUTE ON FUNCTION fold(text) TO {{app}};
