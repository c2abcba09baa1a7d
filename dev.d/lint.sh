# ./dev lint and ./dev format; sourced by dev.

# The C sources and headers of the checkout, new ones included.
c_files() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do [[ ! -e $file ]] || echo "$file"; done; }

lint_step() {
	local name=$1
	shift
	if "$@" >&2; then say "lint: $name ok"; else
		say "lint: $name FAILED"
		lint_failed=1
	fi
}

lint_format() { c_files '*.c' '*.h' | xargs -r clang-format --dry-run -Werror; }
lint_house() { c_files '*.c' '*.h' | xargs -r awk -f tests/lint/house.awk; }
lint_users() { c_files '*.c' '*.h' | xargs -r awk -f tests/lint/users.awk; }
lint_columns() { c_files '*.def' '*.sql' | xargs -r awk -f tests/lint/columns.awk; }
lint_shell() { shellcheck -x dev tests/run tests/lint/generators tests/lint/rules .ci/run; }

# A static library hides that two of its objects define the same name: the linker takes either.
lint_clashes() {
	local dir twice
	dir=$(make -s --no-print-directory "${vars[@]}" DEVELOPER=1 CC=gcc where) || return 1
	twice=$(nm "$dir/liblembra.a" | awk '$2 ~ /^[TDBR]$/ { print $3 }' | sort | uniq -d) || return 1
	[[ -z $twice ]] || { echo "defined in two objects: ${twice//$'\n'/ }" && return 1; }
}

# All files, or those given.
lint_tidy() {
	local flags files=("$@")
	((${#files[@]})) || mapfile -t files < <(c_files '*.c' | grep -v '^tests/fuzz/')
	flags=$(make -s --no-print-directory cflags)
	printf '%s\n' "${files[@]}" | xargs -r -P "$(jobs_default)" -I{} bash -c '
		[[ $1 == core/err.c ]] || hints="-include tests/lint/analyzer.h"
		clang-tidy --quiet "$1" -- $2 ${hints:-} 2>/dev/null' tidy {} "$flags"
}

# ./dev lint [FILE...]: the files are those clang-tidy reads.
act_lint() {
	local lint_failed=0
	deps build test lint
	lint_step "floors" make -s --no-print-directory layers
	lint_step "house rules" lint_house
	lint_step "used by" lint_users
	lint_step "columns" lint_columns
	lint_step "format" lint_format
	lint_step "shell" lint_shell
	lint_step "generators" tests/lint/generators
	lint_step "rules notice" tests/lint/rules
	lint_step "strict gcc" build DEVELOPER=1 CC=gcc tests bench
	lint_step "circles of files" build DEVELOPER=1 CC=gcc circles
	lint_step "names defined twice" lint_clashes
	lint_step "names that nobody uses" build DEVELOPER=1 CC=gcc unused
	lint_step "strict clang" build DEVELOPER=1 CC=clang tests bench
	lint_step "clang-tidy" lint_tidy "${rest[@]}"
	return $lint_failed
}

act_format() {
	deps lint
	if ((${#rest[@]})); then
		clang-format -i "${rest[@]}"
	else
		c_files '*.c' '*.h' | xargs -r clang-format -i
	fi
}
