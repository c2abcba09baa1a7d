# Fails when files use each other in a circle, and names the files and what they use. Reads `nm -A -P OBJECTS`; the graph
# is that of symbols: an object uses the object that defines what it leaves undefined. Generated tables are not asked: they
# list what there is and call nothing.

# build/obj/core/fiber.o: fiber_go T 0 5c -> core/fiber.c
function file_of(field) {
	sub(/:$/, "", field)
	sub(/^.*\/obj\//, "", field)
	sub(/\.o$/, ".c", field)
	return field
}

{ file = file_of($1) }
file ~ /^gen\// { next }
!(file in number) { number[file] = ++files; name[files] = file }
$3 ~ /^[TDBRVW]$/ { home[$2] = file }
$3 == "U" { wants[++n_wants] = file; wanted[n_wants] = $2 }

# The shortest way from file `from` back to itself, into came[]: the file before each. Whether there is one.
function way_back(from,    queue, head, tail, i, here, next_file) {
	for (i in came)
		delete came[i]
	queue[tail = 1] = from
	for (head = 1; head <= tail; head++) {
		here = queue[head]
		for (i = 1; i <= degree[here]; i++) {
			next_file = edge[here, i]
			if (next_file in came)
				continue
			came[next_file] = here
			if (next_file == from)
				return 1
			queue[++tail] = next_file
		}
	}
	return 0
}

# The circle that came[] holds, in the order of use.
function tell(from,    at, text) {
	at = from
	do {
		text = " -> " name[at] " (" symbols[came[at], at] ")" text
		told[at] = 1
		at = came[at]
	} while (at != from)
	print "circle of files: " name[from] text > "/dev/stderr"
}

END {
	if (!files) {
		print "circles: no objects" > "/dev/stderr"
		exit 1
	}
	for (i = 1; i <= n_wants; i++) {
		if (!(wanted[i] in home) || home[wanted[i]] == wants[i])
			continue
		from = number[wants[i]]
		to = number[home[wanted[i]]]
		if ((from, to) in symbols) {
			symbols[from, to] = symbols[from, to] " " wanted[i]
			continue
		}
		symbols[from, to] = wanted[i]
		edge[from, ++degree[from]] = to
	}
	for (f = 1; f <= files; f++)
		if (!(f in told) && way_back(f)) {
			tell(f)
			bad = 1
		}
	exit bad
}
