# Fails when the "Used by:" of a header is not true. Usage: awk -f users.awk FILES (*.c, *.h). What it says is a
# list of floors ("tools"), folders ("bot/talk") and files ("worker"), with prose in parentheses, up to the first full stop;
# everyone who includes the header is in it, and each name includes it. "everything": five floors see it, through other
# headers too. Tests need no mention.

function folder(file) {
	sub(/\/[^\/]*$/, "", file)
	return file
}

function floor_of(file) {
	sub(/\/.*$/, "", file)
	return file
}

function base(file) {
	sub(/^.*\//, "", file)
	sub(/\.[ch]$/, "", file)
	return file
}

function complain(header, what) {
	print header ": used by: " what
	bad = 1
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, quoted, "\"")
	users[quoted[2]] = users[quoted[2]] " " FILENAME
}

FNR == 1 { in_head = FILENAME ~ /\.h$/ && FILENAME !~ /^tests\// }
in_head {
	line = $0
	sub(/^[ \t]*\*[ \t]?/, "", line)
	head[FILENAME] = head[FILENAME] " " line
	in_head = !index($0, "*/")
}

# How many floors see the header.
function floors_seeing(header,    queue, n, i, k, count, file, seen, floors) {
	queue[n = 1] = header
	for (i = 1; i <= n; i++) {
		count = split(users[queue[i]], file, " ")
		for (k = 1; k <= count; k++)
			if (!(file[k] in seen)) {
				seen[file[k]]
				floors += !(("floor " floor_of(file[k])) in seen)
				seen["floor " floor_of(file[k])]
				queue[++n] = file[k]
			}
	}
	return floors
}

function check(header,    text, n, name, i, k, count, file, found, known, missing) {
	text = head[header]
	sub(/^.*Used by: */, "", text)
	while (match(text, /\([^()]*\)/))
		text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH)
	sub(/(\.|\*\/).*$/, "", text)
	n = split(text, name, ",")
	if (!n)
		complain(header, "no one")
	for (i = 1; i <= n; i++) {
		gsub(/^[ \t]+|[ \t]+$/, "", name[i])
		known[name[i]]
	}
	if (n == 1 && "everything" in known) {
		if (floors_seeing(header) < 5)
			complain(header, "not everything")
		return
	}
	count = split(users[header], file, " ")
	for (k = 1; k <= count; k++) {
		if (folder(file[k]) == folder(header) && base(file[k]) == base(header))
			continue
		found[floor_of(file[k])]
		found[folder(file[k])]
		found[base(file[k])]
		if (floor_of(file[k]) != "tests" && !(floor_of(file[k]) in known) && !(folder(file[k]) in known) && !(base(file[k]) in known))
			missing = missing " " file[k]
	}
	if (missing != "")
		complain(header, "not told:" missing)
	for (i = 1; i <= n; i++)
		if (!(name[i] in found))
			complain(header, "\"" name[i] "\" does not include it")
}

END {
	for (header in head)
		check(header)
	exit bad
}
