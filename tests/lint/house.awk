# House rules that no compiler knows. Usage: awk -f house.awk FILES (*.c, *.h); prints and fails on each breach.

function complain(where, message) {
	print where ": " message
	bad = 1
}

# The line without comments, and with empty strings for its literals. Keeps in_comment over lines.
function code_of(s,    r, i, c, quote) {
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (in_comment) {
			if (substr(s, i, 2) == "*/") {
				in_comment = 0
				i++
			}
		} else if (quote != "") {
			if (c == "\\")
				i++
			else if (c == quote) {
				quote = ""
				r = r c
			}
		} else if (substr(s, i, 2) == "/*") {
			in_comment = 1
			i++
		} else if (substr(s, i, 2) == "//") {
			return r
		} else {
			r = r c
			if (c == "\"" || c == "'")
				quote = c
		}
	}
	return r
}

# core/json.c -> core/json; db/pg_wire.c -> db/pg: files of one facade share the word before the first _.
function module_of(file) {
	sub(/\.[ch]$/, "", file)
	sub(/_.*$/, "", file)
	return file
}

function end_file() {
	if (last_file == "")
		return
	if (file_lines > 600)
		complain(last_file, file_lines " lines, 600 allowed")
	if (last_file ~ /\.h$/ && head_marks < 3)
		complain(last_file ":1", "a header opens with \"name: what it does\", \"Needs:\" and \"Used by:\"")
	if (function_start)
		complain(last_file ":" function_start, "braces at the start of a line do not match")
}

BEGIN {
	banned = "sprintf vsprintf strcpy strcat gets strtok atoi atol atoll atof strncpy strncat sscanf fscanf scanf alloca system"
	n_banned = split(banned, word)
	for (i = 1; i <= n_banned; i++)
		is_banned[word[i]] = 1
	n_facades = split("json-c/ curl/ libpq-fe.h hiredis/ libical/ archive.h libxml/", facade)
}

FNR == 1 {
	end_file()
	last_file = FILENAME
	in_comment = function_start = head_marks = 0
	base = FILENAME
	sub(/^.*\//, "", base)
	sub(/\.[ch]$/, "", base)
}

{ file_lines = FNR }

FNR == 1 && index($0, "/* " base ": ") == 1 { head_marks++ }
FNR <= 5 && /Needs: / && !(needs[FILENAME]++) { head_marks++ }
FNR <= 5 && /Used by: / && !(users[FILENAME]++) { head_marks++ }

/(TODO|FIXME)/ { complain(FILENAME ":" FNR, "unfinished work belongs elsewhere: " $0) }

/^[ \t]*#[ \t]*include[ \t]*</ && FILENAME !~ /^tests\// {
	for (i = 1; i <= n_facades; i++)
		if (index($0, "<" facade[i])) {
			module = module_of(FILENAME)
			if (facade[i] in home && home[facade[i]] != module)
				complain(FILENAME ":" FNR, "<" facade[i] "> belongs to " home[facade[i]] " alone")
			home[facade[i]] = module
		}
}

{
	code = code_of($0)
	rest = code
	while (match(rest, /[A-Za-z_][A-Za-z_0-9]*[ \t]*\(/)) {
		name = substr(rest, RSTART, RLENGTH)
		sub(/[ \t]*\($/, "", name)
		if (name in is_banned)
			complain(FILENAME ":" FNR, name "() is banned")
		rest = substr(rest, RSTART + RLENGTH)
	}
}

# Columns go by the names that their statement declares. A call may go on in the next line.
FNR == 1 { open_call = "" }
FILENAME !~ /^tests\// {
	calls = open_call code
	if (calls ~ /rows_(text|text_or_null|int|bool|double|null|bytes)\([^()]*[ \t][0-9]+\)/ ||
	    calls ~ /_row\(([^()]*, )?rows, [^()]*[ \t][0-9]+\)/)
		complain(FILENAME ":" FNR, "a column by its number, not by its COL_ name")
	open_call = match(calls, /[a-z_]+\([^()]*$/) ? substr(calls, RSTART) " " : ""
}

# A function's body opens with a brace of its own at the start of a line.
code ~ /^\{[ \t]*$/ || /^TEST\(.*\{$/ {
	function_start = FNR
	function_head = code ~ /^\{/ ? previous : code
}
code ~ /^\}/ && function_start {
	size = FNR - function_start + 1
	allowed = function_head ~ /^int main\(/ ? 30 : 60
	if (size > allowed)
		complain(FILENAME ":" function_start, "function of " size " lines, " allowed " allowed: " function_head)
	function_start = 0
}
code !~ /^[ \t]*$/ { previous = code }

END {
	end_file()
	exit bad
}
