# Turns the ml/prompts/*.txt files (format: ml/prompt/prompt.h) into one C table.
# Fails with the file's name when a variable is used and not declared, or declared and not used.

function fail(what) {
	print file ": " what > "/dev/stderr"
	failed = 1
}

function literal(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	gsub(/\?/, "\\?", text)
	return "\"" text "\\n\""
}

function close_file(    n, i, declared) {
	if (file == "")
		return
	n = split(vars, declared, " ")
	for (i = 1; i <= n; i++)
		if (!((file, declared[i]) in used))
			fail("'" declared[i] "' is declared and not used")
	print "\t},"
}

function use_of(line,    name) {
	while (match(line, /\{[^}]*\}/)) {
		name = substr(line, RSTART + 1, RLENGTH - 2)
		if (index(" " vars " ", " " name " ") == 0)
			fail("'{" name "}' is not declared")
		used[file, name] = 1
		line = substr(line, RSTART + RLENGTH)
	}
}

BEGIN {
	print "/* Generated. */"
	print "#include \"ml/prompt/prompt.h\"\n"
	print "const struct prompt_entry prompt_table[] = {"
}

FNR == 1 {
	close_file()
	file = FILENAME
	name = file
	sub(/.*\//, "", name)
	sub(/\.txt$/, "", name)
	vars = $0
	if (sub(/^vars: */, "", vars) == 0)
		fail("first line is no 'vars: ...'")
	print "\t{ \"" name "\", \"" vars "\","
	next
}

{
	use_of($0)
	print "\t  " literal($0)
}

END {
	close_file()
	print "\t{ NULL, NULL, NULL },\n};"
	exit failed
}
