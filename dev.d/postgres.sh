# A private Postgres: where its programs are, who it runs as, how its data come to be; sourced.
#
# It never runs as root: started by root, it runs as Debian's user "postgres". It listens on a Unix
# socket only, in a directory of mode 0700 that belongs to the server's user, so that this user and root
# are the only ones to reach it. Hence "trust" in pg_hba.conf: the directory is the lock.

pg_bin() {
	local newest
	newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
	if [[ -x $newest ]]; then
		dirname "$newest"
	else
		pg_config --bindir
	fi
}

# The server's user.
pg_owner() { if ((EUID == 0)); then echo postgres; else id -un; fi; }

# Runs a command as the server's user.
pg_as() { if ((EUID == 0)); then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

# pg_private_dir DIR: makes it, for the server's user alone; refuses what somebody else put there.
pg_private_dir() {
	mkdir -m 0700 "$1" 2>/dev/null || [[ -d $1 && ! -L $1 ]] || die "cannot make directory $1"
	if ((EUID == 0)) && [[ $(stat -c %U "$1") == root ]]; then
		chown postgres: "$1"
	fi
	[[ $(stat -c %U "$1") == "$(pg_owner)" ]] || die "$1 belongs to $(stat -c %U "$1"), not to $(pg_owner)"
	chmod 0700 "$1"
}

# pg_init DATA: a new cluster, complete or absent: an initdb that was interrupted leaves only DATA.new.
pg_init() {
	[[ ! -e $1 ]] || return 0
	pg_as rm -rf "$1.new"
	pg_as "$(pg_bin)/initdb" --pgdata "$1.new" --username postgres --auth trust --no-sync --no-instructions \
		--locale C.UTF-8 --encoding UTF8 >/dev/null || die "initdb failed in $1.new"
	pg_as sh -c 'echo "local all all trust" >"$1.new/pg_hba.conf" && sync -f "$1.new" && mv "$1.new" "$1"' sh "$1"
}

# pg_ready SOCKET_DIR: whether a server answers there.
pg_ready() { "$(pg_bin)/pg_isready" --quiet --host "$1" --username postgres; }

# pg_wait SOCKET_DIR PID: until it answers; fails when the process is gone or a minute has passed.
pg_wait() {
	local tries
	for ((tries = 0; tries < 1200; tries++)); do
		pg_ready "$1" && return 0
		kill -0 "$2" 2>/dev/null || return 1
		sleep 0.05
	done
	return 1
}
