# What every script here shares; sourced.

say() { printf '%s\n' "$*" >&2; }
die() {
	say "$*"
	exit 1
}
jobs_default() { nproc 2>/dev/null || echo 2; }
