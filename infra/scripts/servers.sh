#!/usr/bin/env bash
# A private PostgreSQL and RabbitMQ, with all their state in one directory, on loopback ports of their own.
#
#   servers.sh start  DIR [options]   start both (and restart one whose options changed); writes DIR/env
#   servers.sh stop   DIR             stop both, and wait until they are gone
#   servers.sh status DIR             one line each; exit status 3 unless both answer
#   servers.sh start-broker|stop-broker|kill-broker DIR          kill is SIGKILL; each waits until it is so
#   servers.sh start-database|stop-database|kill-database DIR
#   servers.sh ctl  DIR ARGUMENT...   rabbitmqctl of this broker
#   servers.sh psql DIR ARGUMENT...   psql of this database, as its superuser
#
# Options of start are remembered in DIR:
#   --fsync=on|off           off for tests: survives a killed server, not a lost machine
#   --management             the broker's HTTP API (also: --management=off)
#   --prometheus             the broker's metrics (also: --prometheus=off)
#   --definitions FILE       broker definitions to import at each start of the broker
#   --env-prefix=NAME        prefix of the variables in DIR/env; default PABEAN_ADMIN
#   --database-port=N  --amqp-port=N  --management-port=N  --prometheus-port=N    default: any free port
#
# A server is only ever signalled by its recorded process id, and only if that process is still the one recorded.
set -euo pipefail
umask 022

readonly USAGE="usage: servers.sh start|stop|status|ctl|psql|{start,stop,kill}-{broker,database} DIR ..."
readonly START_DEADLINE_SECONDS=90
readonly STOP_DEADLINE_SECONDS=30
readonly LEAST_FREE_DISK_MB=1024

main() {
  [[ $# -ge 2 ]] || fail 64 "$USAGE"
  local verb=$1
  dir=$2
  shift 2
  case $verb in
    # Taken once before anything is created, so that a wrong call leaves nothing behind.
    start) take_options "$@" && locked start "$@" ;;
    stop) if [[ -d $dir ]]; then locked stop; fi ;;
    status) open_existing && status ;;
    start-broker) locked start_one broker ;;
    start-database) locked start_one database ;;
    stop-broker) locked stop_broker ;;
    stop-database) locked stop_database ;;
    kill-broker) locked kill_one broker ;;
    kill-database) locked kill_one database ;;
    ctl) open_existing && broker_environment && exec "$(rabbitmq_program rabbitmqctl)" "$@" ;;
    psql) open_existing && exec "$(postgres_program psql)" "$(database_url)" "$@" ;;
    *) fail 64 "unknown verb '$verb'" "$USAGE" ;;
  esac
}

start() {
  take_options "$@"
  require_programs
  require_free_disk
  write_settings
  local changed_broker=0 changed_database=0
  write_broker_configuration || changed_broker=1
  write_database_configuration || changed_database=1
  ((changed_broker)) && stop_broker
  ((changed_database)) && stop_database
  start_both
  write_env
}

start_one() {
  require_programs
  require_free_disk
  "start_$1"
}

start_both() {
  # The lock stays with this shell; the two children report failure through their exit status.
  start_database &
  local database_job=$! result=0
  start_broker || result=$?
  wait "$database_job" || result=$?
  return "$result"
}

stop() {
  stop_database &
  local database_job=$! result=0
  stop_broker || result=$?
  wait "$database_job" || result=$?
  return "$result"
}

status() {
  local result=0
  if is_running database && database_answers; then
    echo "postgresql running, process $(recorded_pid database), 127.0.0.1:$database_port"
  else
    echo "postgresql stopped"
    result=3
  fi
  if is_running broker && broker_answers; then
    echo "rabbitmq   running, process $(recorded_pid broker), 127.0.0.1:$amqp_port"
  else
    echo "rabbitmq   stopped"
    result=3
  fi
  return "$result"
}

# --- directory, lock, settings -------------------------------------------------------------------------------

locked() {
  if [[ $1 == start ]]; then make_directory; fi
  open_directory
  exec 9>"$dir/lock"
  flock -w 120 9 || fail 75 "another servers.sh is busy in $dir"
  read_settings
  "$@"
}

open_existing() {
  open_directory
  read_settings
}

make_directory() {
  # RabbitMQ's watch over the disk passes the path through a shell, and waits for ever.
  [[ $(realpath -m "$dir") != *[\'\"\\]* ]] || fail 64 "RabbitMQ cannot work in $dir: its path has a quote or backslash"
  mkdir -p "$dir" 2>/dev/null || fail 73 "cannot create $dir: $(mkdir -p "$dir" 2>&1 || true)"
}

open_directory() {
  [[ -d $dir ]] || fail 66 "no servers in $dir: start them first"
  [[ -O $dir && -w $dir ]] || fail 77 "$dir belongs to $(stat -c %U "$dir"), not to $(id -un), or is not writable"
  dir=$(cd "$dir" && pwd -P)
}

read_settings() {
  fsync=on management=off prometheus=off definitions='' env_prefix=PABEAN_ADMIN
  database_port='' amqp_port='' management_port='' prometheus_port='' epmd_port='' distribution_port=''
  database_password='' broker_password='' broker_cookie=''
  # shellcheck source=/dev/null
  if [[ -f $dir/settings ]]; then . "$dir/settings"; fi
}

write_settings() {
  local name
  settle_ports
  : "${database_password:=$(random_hex)}" "${broker_password:=$(random_hex)}" "${broker_cookie:=$(random_hex)}"
  (
    umask 077
    for name in fsync management prometheus definitions env_prefix database_port amqp_port management_port \
      prometheus_port epmd_port distribution_port database_password broker_password broker_cookie; do
      printf '%s=%q\n' "$name" "${!name}"
    done >"$dir/settings.new"
  )
  mv "$dir/settings.new" "$dir/settings"
}

take_options() {
  fixed_ports=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      --fsync=on | --fsync=off) fsync=${1#*=} ;;
      --management | --management=on) management=on ;;
      --management=off) management=off ;;
      --prometheus | --prometheus=on) prometheus=on ;;
      --prometheus=off) prometheus=off ;;
      --definitions)
        [[ $# -ge 2 ]] || fail 64 "--definitions needs a file"
        take_definitions "$2"
        shift
        ;;
      --definitions=*) take_definitions "${1#*=}" ;;
      --env-prefix=*)
        env_prefix=${1#*=}
        [[ $env_prefix =~ ^[A-Z][A-Z0-9_]*$ ]] || fail 64 "--env-prefix must be an upper case name, not '$env_prefix'"
        ;;
      --database-port=*) fix_port database_port "${1#*=}" ;;
      --amqp-port=*) fix_port amqp_port "${1#*=}" ;;
      --management-port=*) fix_port management_port "${1#*=}" ;;
      --prometheus-port=*) fix_port prometheus_port "${1#*=}" ;;
      *) fail 64 "unknown option '$1'" "$USAGE" ;;
    esac
    shift
  done
}

take_definitions() {
  [[ -z $1 || -r $1 ]] || fail 66 "cannot read the broker definitions $1"
  definitions=${1:+$(realpath "$1")}
}

write_env() {
  (
    umask 077
    {
      printf 'export %s_SERVERS_DIR=%q\n' "$env_prefix" "$dir"
      printf 'export %s_DATABASE_URL=%q\n' "$env_prefix" "$(database_url)"
      printf 'export %s_AMQP_URL=%q\n' "$env_prefix" "$(amqp_url)"
      if [[ $management == on ]]; then printf 'export %s_MANAGEMENT_URL=%q\n' "$env_prefix" "$(management_url)"; fi
    } >"$dir/env.new"
  )
  mv "$dir/env.new" "$dir/env"
}

database_url() { echo "postgresql://postgres:$database_password@127.0.0.1:$database_port/postgres"; }
amqp_url() { echo "amqp://pabean_admin:$broker_password@127.0.0.1:$amqp_port/%2F"; }
management_url() { echo "http://pabean_admin:$broker_password@127.0.0.1:$management_port"; }

# --- ports ---------------------------------------------------------------------------------------------------

fix_port() {
  [[ $2 =~ ^[1-9][0-9]{0,4}$ && $2 -lt 65536 ]] || fail 64 "'$2' is not a port"
  printf -v "$1" '%s' "$2"
  fixed_ports+=("$1")
}

# Keeps the remembered ports of a server that runs; of one that does not, those that are still free.
settle_ports() {
  local name
  is_running database || settle_port database_port
  is_running broker && return
  for name in amqp_port management_port prometheus_port distribution_port; do settle_port "$name"; done
  is_running epmd || settle_port epmd_port
}

settle_port() {
  local name=$1 candidate=${!1} attempt
  if [[ " ${fixed_ports[*]} " == *" $name "* ]]; then
    port_is_free "$candidate" || fail 69 "port $candidate (--${name/_/-}) is taken on 127.0.0.1"
    return
  fi
  for attempt in {1..200}; do
    if [[ -n $candidate ]] && port_is_free "$candidate" && port_is_unchosen "$name" "$candidate"; then
      printf -v "$name" '%s' "$candidate"
      return
    fi
    # Below the kernel's range for outgoing connections, which starts at 32768.
    candidate=$((20000 + SRANDOM % 12000))
  done
  fail 69 "found no free loopback port after $attempt attempts"
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

port_is_unchosen() {
  local other
  for other in database_port amqp_port management_port prometheus_port epmd_port distribution_port; do
    [[ $other == "$1" || ${!other} != "$2" ]] || return 1
  done
}

# --- processes -----------------------------------------------------------------------------------------------

# A process id may be reused, so its start time (field 22 of stat, counted after the name) is recorded with it.
process_start() {
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [[ $1 != Z && $1 != X ]] || return 1
  echo "${20}"
}

record_process() { echo "$2 $(process_start "$2" || echo gone)" >"$dir/$1.pid"; }

recorded_pid() {
  local pid=''
  { read -r pid _ <"$dir/$1.pid"; } 2>/dev/null || true
  echo "$pid"
}

is_running() {
  local pid='' started='' now
  { read -r pid started <"$dir/$1.pid"; } 2>/dev/null || return 1
  [[ $pid =~ ^[0-9]+$ ]] || return 1
  now=$(process_start "$pid") || return 1
  [[ $now == "$started" ]]
}

signal_server() {
  is_running "$1" || return 0
  kill "-$2" "$(recorded_pid "$1")" 2>/dev/null || ! is_running "$1" ||
    fail 77 "may not signal the $1, process $(recorded_pid "$1"): it belongs to another user"
}

await_end() {
  local deadline=$((SECONDS + $2))
  while is_running "$1"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

# Runs detached from the terminal and without the lock, so that it outlives this script.
launch() {
  local name=$1 log=$2
  shift 2
  setsid "$@" </dev/null >>"$log" 2>&1 9>&- &
  record_process "$name" $!
}

kill_one() {
  local name=$1
  signal_server "$name" KILL
  await_end "$name" "$STOP_DEADLINE_SECONDS" || fail 70 "the $name does not die"
  if [[ $name == database ]]; then await_orphans; fi
}

# --- PostgreSQL ----------------------------------------------------------------------------------------------

write_database_configuration() {
  create_database_cluster
  local file=$dir/postgresql.conf
  cat >"$file.new" <<END
listen_addresses = '127.0.0.1'
port = $database_port
unix_socket_directories = ''
max_connections = 200
shared_buffers = 256MB
max_wal_size = 4GB
wal_compression = on
fsync = $fsync
synchronous_commit = $fsync
full_page_writes = $fsync
password_encryption = scram-sha-256
log_line_prefix = '%m [%p] %q%a %d '
timezone = 'UTC'
log_timezone = 'UTC'
END
  replace_if_changed "$file"
}

create_database_cluster() {
  local data=$dir/postgresql
  [[ ! -f $data/PG_VERSION ]] || return 0
  # Anything without PG_VERSION is the rest of an interrupted creation.
  rm -rf "$data"
  mkdir -m 700 "$data"
  own_by_database_user "$data"
  local log=$dir/initdb.log password=$dir/password result=0
  (umask 077 && echo "$database_password" >"$password")
  own_by_database_user "$password"
  as_database_user "$(postgres_program initdb)" --pgdata="$data" --username=postgres --pwfile="$password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$log" 2>&1 || result=$?
  rm -f "$password"
  ((result == 0)) || fail 70 "initdb failed:" "$(tail -n 5 "$log")"
}

start_database() {
  if is_running database; then
    await_ready database database_answers "$dir/postgresql.log"
    return
  fi
  local data=$dir/postgresql
  await_orphans
  # The recorded process is gone, so this file is stale even where its process id has been given to another.
  rm -f "$data/postmaster.pid"
  keep_log_small "$dir/postgresql.log"
  choose_database_user
  launch database "$dir/postgresql.log" "${database_user_prefix[@]}" "$(postgres_program postgres)" -D "$data" \
    -c config_file="$dir/postgresql.conf" -c hba_file="$data/pg_hba.conf" -c ident_file="$data/pg_ident.conf"
  await_ready database database_answers "$dir/postgresql.log"
}

stop_database() {
  signal_server database CONT
  signal_server database INT
  await_end database "$STOP_DEADLINE_SECONDS" || kill_one database
  await_orphans
}

# After a killed postmaster its children notice and leave; a new one must not share their memory or data.
await_orphans() {
  local deadline=$((SECONDS + STOP_DEADLINE_SECONDS)) process
  while :; do
    for process in /proc/[0-9]*; do
      [[ $process/cwd -ef $dir/postgresql ]] && break
      process=''
    done
    [[ -n $process ]] || return 0
    ((SECONDS < deadline)) || fail 70 "process ${process#/proc/} still works in $dir/postgresql"
    sleep 0.1
  done
}

database_answers() {
  local state
  state=$(sed -n 8p "$dir/postgresql/postmaster.pid" 2>/dev/null) || return 1
  [[ $state == ready* ]] && ! port_is_free "$database_port"
}

# PostgreSQL refuses root. It runs as the user 'postgres', or, where that user cannot reach the directory, as an
# unprivileged user of a user namespace, which the file system still sees as the owner of the directory.
choose_database_user() {
  database_user_prefix=()
  [[ $EUID -eq 0 ]] || return 0
  if id postgres >/dev/null 2>&1 && setpriv --reuid=postgres --regid=postgres --init-groups test -x "$dir"; then
    database_user_prefix=(setpriv --reuid=postgres --regid=postgres --init-groups)
  elif unshare --user --map-user=1000 --map-group=1000 true 2>/dev/null; then
    database_user_prefix=(unshare --user --map-user=1000 --map-group=1000)
  else
    fail 77 "PostgreSQL does not run as root, and its user 'postgres' cannot enter $dir" \
      "open the directories above it (chmod o+x), or use another directory"
  fi
}

as_database_user() {
  choose_database_user
  (cd "$dir" && "${database_user_prefix[@]}" "$@")
}

own_by_database_user() {
  choose_database_user
  if [[ ${database_user_prefix[0]-} == setpriv ]]; then chown postgres:postgres "$1"; fi
}

postgres_program() {
  local version
  for version in 17 16 15; do
    [[ ! -x /usr/lib/postgresql/$version/bin/$1 ]] || { echo "/usr/lib/postgresql/$version/bin/$1" && return; }
  done
  command -v "$1"
}

# --- RabbitMQ ------------------------------------------------------------------------------------------------

write_broker_configuration() {
  local home=$dir/rabbitmq plugins=''
  mkdir -p "$home"
  chmod 700 "$home"
  (umask 077 && printf '%s' "$broker_cookie" >"$home/.erlang.cookie.new")
  chmod 400 "$home/.erlang.cookie.new"
  mv -f "$home/.erlang.cookie.new" "$home/.erlang.cookie"
  : >"$home/rabbitmq-env.conf"
  [[ $management == off ]] || plugins=rabbitmq_management
  [[ $prometheus == off ]] || plugins+=${plugins:+,}rabbitmq_prometheus
  echo "[$plugins]." >"$home/enabled_plugins.new"
  {
    cat <<END
listeners.tcp.local = 127.0.0.1:$amqp_port
heartbeat = 30
vm_memory_high_watermark.relative = 0.4
disk_free_limit.absolute = 512MB
load_definitions = $home/definitions.json
log.file = rabbitmq.log
log.file.level = info
log.file.rotation.size = 10485760
log.file.rotation.count = 3
log.console = false
END
    [[ $management == off ]] || printf 'management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = %s\n' "$management_port"
    [[ $prometheus == off ]] || printf 'prometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = %s\n' "$prometheus_port"
  } >"$home/rabbitmq.conf.new"
  local result=0
  write_broker_definitions || result=1
  replace_if_changed "$home/enabled_plugins" || result=1
  replace_if_changed "$home/rabbitmq.conf" || result=1
  return "$result"
}

# The administrator comes as a definition too: with definitions to load, RabbitMQ creates no default user.
write_broker_definitions() {
  local file=$dir/rabbitmq/definitions.json
  # A definitions file that has gone since leaves the last import standing.
  if [[ -n $definitions && ! -r $definitions && -f $file ]]; then return 0; fi
  (umask 077 && add_administrator ${definitions:+"$definitions"} >"$file.new") ||
    fail 65 "the broker definitions $definitions are not a JSON object of definitions"
  replace_if_changed "$file"
}

add_administrator() {
  /usr/bin/python3 -c '
import json, sys
definitions = json.load(open(sys.argv[1])) if len(sys.argv) > 1 else {}
vhosts, users, permissions = (definitions.setdefault(key, []) for key in ("vhosts", "users", "permissions"))
if not any(vhost["name"] == "/" for vhost in vhosts):
    vhosts.append({"name": "/"})
password = sys.stdin.read().strip()
users.append({"name": "pabean_admin", "password": password, "tags": ["administrator"], "limits": {}})
for vhost in vhosts:
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    permissions.append({"user": "pabean_admin", "vhost": vhost["name"], **everything})
json.dump(definitions, sys.stdout, indent=1)
' "$@" <<<"$broker_password" 2>/dev/null
}

start_broker() {
  if is_running broker; then
    await_ready broker broker_answers "$(broker_log)"
    return
  fi
  start_epmd
  broker_environment
  detached=true launch broker "$dir/rabbitmq/console.log" "$(rabbitmq_program rabbitmq-server)"
  await_ready broker broker_answers "$(broker_log)"
}

broker_environment() {
  local home=$dir/rabbitmq
  export HOME=$home ERL_EPMD_PORT=$epmd_port ERL_EPMD_ADDRESS=127.0.0.1 LC_ALL=C.UTF-8
  export RABBITMQ_NODENAME=pabean@localhost RABBITMQ_DIST_PORT=$distribution_port
  export RABBITMQ_CONF_ENV_FILE=$home/rabbitmq-env.conf RABBITMQ_CONFIG_FILE=$home/rabbitmq.conf
  export RABBITMQ_ADVANCED_CONFIG_FILE=$home/advanced.config RABBITMQ_ENABLED_PLUGINS_FILE=$home/enabled_plugins
  export RABBITMQ_MNESIA_BASE=$home/data RABBITMQ_LOG_BASE=$home/log RABBITMQ_PID_FILE=$home/rabbitmq.pid
  export RABBITMQ_GENERATED_CONFIG_DIR=$home/generated RABBITMQ_PLUGINS_EXPAND_DIR=$home/plugins
  # Schedulers that do not spin while idle leave the processor to the workers.
  export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"
}

# Its own port mapper, so that it neither meets a system broker nor leaves a daemon behind.
start_epmd() {
  is_running epmd && return
  launch epmd "$dir/rabbitmq/console.log" "$(command -v epmd)" -address 127.0.0.1 -port "$epmd_port"
  local deadline=$((SECONDS + 10))
  while port_is_free "$epmd_port"; do
    if ! is_running epmd || ((SECONDS >= deadline)); then fail 70 "epmd did not start on port $epmd_port"; fi
    sleep 0.02
  done
}

stop_broker() {
  signal_server broker CONT
  signal_server broker TERM
  await_end broker "$STOP_DEADLINE_SECONDS" || kill_one broker
  signal_server epmd KILL
}

# A broker that greets a client has imported its definitions: listeners open last.
broker_answers() {
  local greeting
  port_is_free "$amqp_port" && return 1
  greeting=$(
    exec 3<>"/dev/tcp/127.0.0.1/$amqp_port" && printf 'AMQP\0\0\11\1' >&3 && timeout 2 head -c 1 <&3 | od -An -tx1
  ) || return 1
  [[ $greeting == *01* ]]
}

broker_log() { echo "$dir/rabbitmq/log/rabbitmq.log"; }

rabbitmq_program() {
  # Debian's own /usr/sbin wrappers insist on the user rabbitmq.
  if [[ -x /usr/lib/rabbitmq/bin/$1 ]]; then echo "/usr/lib/rabbitmq/bin/$1"; else command -v "$1"; fi
}

# --- checks and small tools ----------------------------------------------------------------------------------

require_programs() {
  local missing=()
  postgres_program postgres >/dev/null && postgres_program initdb >/dev/null || missing+=(postgresql)
  rabbitmq_program rabbitmq-server >/dev/null && command -v epmd >/dev/null || missing+=(rabbitmq-server)
  command -v setsid >/dev/null && command -v flock >/dev/null || missing+=(util-linux)
  [[ ${#missing[@]} -eq 0 ]] ||
    fail 69 "missing Debian packages: ${missing[*]}" "install them with infra/scripts/packages.sh"
}

require_free_disk() {
  local free
  free=$(df --output=avail -m "$dir" | tail -n 1)
  ((free >= LEAST_FREE_DISK_MB)) ||
    fail 74 "only $((free)) MB free on the disk of $dir; the servers need $LEAST_FREE_DISK_MB MB"
}

await_ready() {
  local name=$1 answers=$2 log=$3 deadline=$((SECONDS + START_DEADLINE_SECONDS))
  until "$answers"; do
    is_running "$name" || fail 70 "the $name ended while starting; the end of $log:" "$(tail -n 12 "$log" 2>/dev/null)"
    ((SECONDS < deadline)) || fail 70 "the $name is not ready after $START_DEADLINE_SECONDS s; see $log"
    sleep 0.1
  done
}

# Succeeds if nothing changed.
replace_if_changed() {
  if [[ -f $1 ]] && cmp -s "$1" "$1.new"; then
    rm "$1.new"
  else
    mv "$1.new" "$1"
    return 1
  fi
}

keep_log_small() {
  if [[ -f $1 && $(stat -c %s "$1") -gt 10485760 ]]; then mv "$1" "$1.1"; fi
}

random_hex() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

fail() {
  local code=$1 line
  shift
  for line in "$@"; do echo "servers.sh: $line" >&2; done
  exit "$code"
}

main "$@"
