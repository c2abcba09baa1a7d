# Fails when a file includes a floor above its own: bot > tools, cron > ml > integrations > db > core.
BEGIN {
	rank["core"] = 1; rank["db"] = 2; rank["integrations"] = 3; rank["ml"] = 4
	rank["tools"] = 5; rank["cron"] = 5; rank["bot"] = 6
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	split(FILENAME, own, "/")
	split($0, quoted, "\"")
	split(quoted[2], other, "/")
	if (rank[other[1]] > rank[own[1]] || other[1] == "tests" || quoted[2] ~ /^\.\./) {
		print FILENAME ":" FNR ": layers: \"" own[1] "\" may not include \"" quoted[2] "\"" > "/dev/stderr"
		bad = 1
	}
}
END { exit bad }
