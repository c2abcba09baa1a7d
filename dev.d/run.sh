# ./dev run, ./dev lembra and ./dev stop; sourced by dev.
#
# Unless DATABASE_URL is set, the data live in var/pg, or under /var/lib/lembra when the server's user
# cannot reach this checkout. Every ./dev run holds a shared lock while it lives; the last one out stops
# the server, so two of them share it and a killed one leaves it for the next, or for ./dev stop.

# Whether a name has a value, in the environment or in .env.
given() {
	[[ -z ${!1:-} ]] || return 0
	[[ -f .env ]] && grep -qE "^[[:space:]]*(export[[:space:]]+)?$1[[:space:]]*=[[:space:]]*[\"']?[^[:space:]\"'#]" .env
}

# Sets pg_data, pg_socket and opens the two locks: 8 while something is changed, 9 while the server is used.
pg_place() {
	local hash base=$PWD/var
	hash=$(printf '%s' "$PWD" | sha256sum | cut -c 1-8)
	mkdir -p var
	if ((EUID == 0)) && ! pg_as test -x "$base"; then
		base=/var/lib/lembra/$hash
		mkdir -p "$base"
	fi
	pg_data=$base/pg/data pg_socket=/tmp/lembra-$hash
	exec 8>var/setup.lock 9>var/use.lock
}

# The process id of a server on pg_data, also of one that is starting or stopping.
pg_pid() {
	local pid
	pid=$(head -n 1 "$pg_data/postmaster.pid" 2>/dev/null) || return 1
	[[ $pid && $(readlink "/proc/$pid/cwd") == "$pg_data" ]] && echo "$pid"
}

pg_start() {
	local log=$pg_data/../log
	pg_private_dir "${pg_data%/data}"
	pg_private_dir "$pg_socket"
	[[ -e $pg_data ]] || say "making a database in $pg_data"
	pg_init "$pg_data"
	if ! pg_pid >/dev/null; then
		# After a crash the pid may belong to another program, and then Postgres refuses to start.
		rm -f "$pg_data/postmaster.pid"
		pg_as "$(pg_bin)/pg_ctl" -D "$pg_data" -l "$log" -s -W start \
			-o "-c listen_addresses='' -c unix_socket_directories=$pg_socket -c unix_socket_permissions=0700" \
			</dev/null 8>&- 9>&- || die "Postgres did not start: see $log"
	fi
	local tries
	for ((tries = 0; tries < 1200; tries++)); do
		pg_ready "$pg_socket" && return 0
		sleep 0.05
	done
	die "Postgres does not answer: see $log"
}

# The product's owner role is no superuser, just as at a provider of databases.
pg_create() {
	pg_as "$(pg_bin)/psql" -h "$pg_socket" -U postgres -d postgres -qAtX -v ON_ERROR_STOP=1 >/dev/null <<-'END'
		SELECT 'CREATE ROLE lembra LOGIN CREATEROLE' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lembra')\gexec
		SELECT 'CREATE DATABASE lembra OWNER lembra' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'lembra')\gexec
	END
}

pg_stop() {
	local pid
	pid=$(pg_pid) || return 0
	kill -INT "$pid" # fast: open transactions are rolled back
	while pg_pid >/dev/null; do sleep 0.05; done
	rmdir "$pg_socket" 2>/dev/null || true
}

# The last one out stops the server.
pg_leave() {
	trap '' INT TERM HUP
	flock 8
	if flock -n 9; then pg_stop; fi
}

# Runs a program as our child, because the server is stopped after it; hands signals on, returns its status.
run_child() {
	local child status interrupted
	# Bash makes background programs ignore SIGINT and takes their stdin away. Lock 9 goes along: a program
	# that outlives this script still uses the server.
	env --default-signal=INT,QUIT "$@" <&0 8>&- &
	child=$!
	trap 'interrupted=1; kill -TERM "$child" 2>/dev/null || true' TERM HUP
	# A terminal sends it to both of us.
	trap 'interrupted=1; [[ -t 0 ]] || kill -INT "$child" 2>/dev/null || true' INT
	while :; do
		interrupted='' status=0
		wait "$child" || status=$?
		[[ $interrupted ]] || return "$status"
	done
}

# Two lines for whoever has no bot yet.
chat_hint() {
	[[ $1 == chat ]] || return 0
	say 'Try /start, or /tarefa comprar leite !alta #casa (/task in English); #1 presses the first button; /ajuda or /help shows more.'
	say 'For Telegram: make a bot with @BotFather, write TELEGRAM_BOT_TOKEN=... into .env, start ./dev run again.'
}

# Builds, and runs the program with these arguments beside the database that is configured, or the private one.
with_database() {
	local own_server=
	given DATABASE_URL || own_server=1
	deps build service ${own_server:+postgres}
	build
	chat_hint "$1"
	[[ $own_server ]] || exec build/lembra "$@"
	pg_place
	trap pg_leave EXIT
	flock 8
	flock -s 9
	pg_start
	pg_create
	flock -u 8
	export DATABASE_URL="postgresql:///lembra?host=$pg_socket&user=lembra"
	run_child build/lembra "$@"
}

act_run() {
	local command=run
	given TELEGRAM_BOT_TOKEN || command=chat
	with_database "$command" "${rest[@]}"
}

# The operator's commands (docs/cli.md).
act_lembra() { with_database "${rest[@]:---help}"; }

act_stop() {
	pg_place
	flock 8
	pg_pid >/dev/null || { say "no Postgres runs on $pg_data" && return; }
	flock -n 9 || die "a ./dev run is still using it"
	pg_stop
	say "stopped"
}
