# Fails on lines of over 120 columns, tabs of 8, in what clang-format does not keep: *.def and *.sql. Usage: awk -f
# columns.awk FILES. The first migrations are exempt: they have been applied and are never edited.

function columns(s,    i, n) {
	gsub(/[\200-\277]/, "", s) # a character of UTF-8 counts once
	for (i = 1; i <= length(s); i++)
		n += substr(s, i, 1) == "\t" ? 8 - n % 8 : 1
	return n
}

FNR == 1 {
	number = match(FILENAME, /db\/migrations\/[0-9]+_/) ? substr(FILENAME, RSTART + 14, 4) + 0 : 0
	exempt = number >= 1 && number <= 32
}
!exempt && columns($0) > 120 {
	print FILENAME ":" FNR ": " columns($0) " columns, 120 allowed"
	bad = 1
}
END { exit bad }
