# Fails when the library defines what no other object uses, be it a test: it goes, or becomes static. Usage:
# nm -A -P OBJECTS | awk -f unused.awk FILES -
# FILES are read for words: what they name is used, too (benchmarks, fuzz targets and scripts are no objects here).

function file_of(field) {
	sub(/:$/, "", field)
	sub(/^.*\/obj\//, "", field)
	sub(/\.o$/, ".c", field)
	return field
}

FILENAME != "-" {
	while (match($0, /[A-Za-z_][A-Za-z_0-9]*/)) {
		used[substr($0, RSTART, RLENGTH)]
		$0 = substr($0, RSTART + RLENGTH)
	}
	next
}

{ objects++ }
$3 == "U" { used[$2] }
$3 ~ /^[TDBRVW]$/ && file_of($1) !~ /^(gen|tests)\// && $2 != "main" { home[$2] = file_of($1) }

END {
	if (!objects) {
		print "unused: no objects"
		exit 1
	}
	for (symbol in home)
		if (!(symbol in used)) {
			print home[symbol] ": nothing else uses " symbol
			bad = 1
		}
	exit bad
}
