# Debian packages by purpose, and installing those that are missing; sourced.

DEPS_BUILD="gcc make pkg-config libc6-dev mawk libapr1-dev libjson-c-dev libpq-dev libcurl4-openssl-dev
	libuv1-dev libmicrohttpd-dev libsodium-dev"
DEPS_SERVICE="ca-certificates tzdata"
DEPS_POSTGRES="postgresql postgresql-client"
DEPS_TEST="check redis-server"
DEPS_LINT="check clang clang-format clang-tidy shellcheck git"
DEPS_FUZZ="clang libclang-rt-dev"

# Prints those of the packages that are not installed.
deps_missing() {
	local installed package
	installed=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' "$@" 2>/dev/null || true)"
	for package in "$@"; do
		[[ $installed == *" installed=$package "* ]] || echo "$package"
	done
}

# Installs what is missing of the packages; silent and quick when nothing is.
deps() {
	local missing sudo=()
	if ! command -v dpkg-query >/dev/null; then
		say "not a Debian system; these packages, or what they hold, are needed:" "$@"
		return
	fi
	mapfile -t missing < <(deps_missing "$@")
	((${#missing[@]})) || return 0
	if ((EUID != 0)); then
		command -v sudo >/dev/null || die "needs these packages, and sudo or root to install them: ${missing[*]}"
		sudo=(sudo)
	fi
	say "installing ${missing[*]}"
	"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
	"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
		apt-get install -qq -y --no-install-recommends "${missing[@]}" </dev/null >&2
}
