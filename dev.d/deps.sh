# Debian packages by purpose, and installing those that are missing; sourced.

packages_for() {
	case $1 in
	build) echo gcc make pkg-config libc6-dev mawk libapr1-dev libjson-c-dev libpq-dev libcurl4-openssl-dev \
		libuv1-dev libmicrohttpd-dev libsodium-dev libhiredis-dev libical-dev libarchive-dev libgsl-dev libxml2-dev libcairo2-dev ;;
	service) echo ca-certificates tzdata fonts-dejavu-core ;;
	postgres) echo postgresql ;;
	test) echo check redis-server ;;
	browser) echo chromium chromium-driver ;;
	lint) echo git clang clang-format clang-tidy shellcheck ;;
	fuzz) echo clang libclang-rt-dev ;;
	esac
}

# Prints those of the packages that are not installed.
deps_missing() {
	local installed package
	installed=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' "$@" 2>/dev/null || true)"
	for package in "$@"; do
		[[ $installed == *" installed=$package "* ]] || echo "$package"
	done
}

# Runs a command; its output is shown only when it fails.
apt_quiet() {
	local log
	log=$(mktemp)
	if ! "$@" </dev/null >"$log" 2>&1; then
		cat "$log" >&2
		rm -f "$log"
		die "failed: $*"
	fi
	rm -f "$log"
}

# deps PURPOSE...: installs what is missing for them; silent and quick when nothing is.
deps() {
	local purpose needed missing sudo=()
	mapfile -t needed < <(for purpose in "$@"; do packages_for "$purpose"; done | tr ' ' '\n')
	if ! command -v dpkg-query >/dev/null; then
		say "not a Debian system; what these packages hold is needed: ${needed[*]}"
		return
	fi
	mapfile -t missing < <(deps_missing "${needed[@]}")
	((${#missing[@]})) || return 0
	if ((EUID != 0)); then
		command -v sudo >/dev/null || die "needs these packages, and sudo or root to install them: ${missing[*]}"
		sudo=(sudo)
	fi
	say "installing ${missing[*]}"
	apt_quiet "${sudo[@]}" apt-get update
	apt_quiet "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# A browser for the tests that want a real one; without it they are skipped, and say so.
deps_browser() {
	(deps browser) && return
	say "no Chromium could be installed: tests in a browser are skipped"
	export TEST_NO_BROWSER=1
}
