# Fails when a file includes a floor above its own: bot > tools, cron > ml > integrations > db > core; and, inside bot,
# a room above its own: cli, process > work > talk > agent > turn, with web beside work. A header named *_part.h is its folder's own.
BEGIN {
	rank["core"] = 1; rank["db"] = 2; rank["integrations"] = 3; rank["ml"] = 4
	rank["tools"] = 5; rank["cron"] = 5; rank["bot"] = 6
	room["turn"] = 1; room["agent"] = 2; room["talk"] = 3; room["work"] = 4; room["web"] = 4
	room["cli"] = 5; room["process"] = 5; room[""] = 6
	beside["web"] = "work"; beside["work"] = "web"
}

function complain(what) {
	print FILENAME ":" FNR ": layers: " what > "/dev/stderr"
	bad = 1
}

# bot/talk/turn.c -> talk, bot/main.c -> "".
function room_of(n, part) { return n > 2 ? part[2] : "" }

function folder(file) {
	sub(/\/[^\/]*$/, "", file)
	return file
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	depth = split(FILENAME, own, "/")
	split($0, quoted, "\"")
	other_depth = split(quoted[2], other, "/")
	if (rank[other[1]] > rank[own[1]] || other[1] == "tests" || quoted[2] ~ /^\.\./ || (own[1] == "tools" && other[1] == "cron"))
		complain("\"" own[1] "\" may not include \"" quoted[2] "\"")
	if (quoted[2] ~ /_part\.h$/ && folder(quoted[2]) != folder(FILENAME))
		complain("\"" quoted[2] "\" belongs to the files beside it alone")
	if (own[1] != "bot" || other[1] != "bot")
		next
	here = room_of(depth, own)
	there = room_of(other_depth, other)
	if (!(here in room) || !(there in room))
		complain("a room of bot that is not known: \"" here "\", \"" there "\"")
	else if (room[there] > room[here] || (beside[here] == there && here != ""))
		complain("room \"" here "\" of bot may not include \"" quoted[2] "\"")
}
END { exit bad }
