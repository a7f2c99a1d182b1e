#!/bin/bash
# services.sh start|stop|env|status|run COMMAND...: private PostgreSQL and Redis for the tests.
# Both listen on unix sockets only; nothing outside .services/ is touched.
# Roles: portal_admin (superuser, runs the tests), portal (owns nothing, as in production).
set -euo pipefail

ROOT=$(cd "$(dirname "$0")/.." && pwd)
HOME_DIR="$ROOT/.services"
BIN=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)

# PostgreSQL refuses to run as root, a socket's path may have 107 characters, and the
# postgres user must be able to reach the data: otherwise it moves to a folder in TMPDIR.
place() {
  DATA="$HOME_DIR"
  if [ "${#HOME_DIR}" -gt 80 ] || ! reachable "$ROOT"; then
    DATA="${TMPDIR:-/tmp}/portal-services-$(printf %s "$ROOT" | cksum | cut -d' ' -f1)"
  fi
}
reachable() {
  [ "$(id -u)" != 0 ] || (cd / && runuser -u postgres -- test -x "$1")
}
as_postgres() {
  if [ "$(id -u)" = 0 ]; then
    # From a folder that postgres may enter.
    (cd / && runuser -u postgres -- env -i LC_ALL=C.UTF-8 PATH="$BIN:/usr/bin:/bin" "$@")
  else
    LC_ALL=C.UTF-8 PATH="$BIN:$PATH" "$@"
  fi
}
sql() { as_postgres psql -qAtX -v ON_ERROR_STOP=1 -h "$DATA/pg" -U portal_admin "$@"; }

need() {
  if [ -z "$BIN" ] || ! command -v redis-server >/dev/null; then
    echo "PostgreSQL or Redis is missing: apt-get install postgresql redis-server" >&2
    exit 1
  fi
}

start_postgres() {
  if as_postgres pg_isready -q -h "$DATA/pg"; then return; fi
  mkdir -p "$DATA/pg"
  chmod 711 "$DATA" "$DATA/pg"
  if [ "$(id -u)" = 0 ]; then chown postgres "$DATA/pg"; fi
  cd "$DATA/pg"
  if [ ! -f data/PG_VERSION ]; then
    as_postgres initdb -D "$DATA/pg/data" -U portal_admin -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$DATA/initdb.log" 2>&1
  fi
  # Nothing here must survive a power cut, so no disk flushes.
  as_postgres pg_ctl -s -w -t 30 -D "$DATA/pg/data" -l "$DATA/pg/log" -o "-k $DATA/pg -c listen_addresses= \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400" start >/dev/null
  if [ "$(sql -d postgres -c "SELECT count(*) FROM pg_roles WHERE rolname = 'portal'")" = 0 ]; then
    sql -d postgres -c "CREATE ROLE portal LOGIN"
    sql -d postgres -c "CREATE DATABASE portal"
  fi
}

start_redis() {
  if redis-cli -s "$DATA/redis.sock" ping >/dev/null 2>&1; then return; fi
  redis-server --port 0 --unixsocket "$DATA/redis.sock" --dir "$DATA" --save "" \
    --appendonly no --daemonize yes --pidfile "$DATA/redis.pid" --logfile "$DATA/redis.log" >/dev/null
  for _ in $(seq 50); do
    redis-cli -s "$DATA/redis.sock" ping >/dev/null 2>&1 && return
    sleep 0.1
  done
  echo "Redis did not start, see $DATA/redis.log" >&2
  exit 1
}

variables() {
  cat <<END
DATABASE_URL=postgresql://portal_admin@/portal?host=$DATA/pg
APP_DATABASE_URL=postgresql://portal@/portal?host=$DATA/pg
DATABASE_APP_ROLE=portal
REDIS_URL=unix://$DATA/redis.sock
END
}

need_place() { need; place; }

case "${1:-}" in
start)
  need_place
  mkdir -p "$HOME_DIR" "$DATA"
  # Two callers at once (tests beside a storm) must not both run initdb.
  exec 9>"$HOME_DIR/lock"
  flock 9
  start_postgres 9>&-
  start_redis 9>&-
  variables >"$HOME_DIR/env"
  ;;
stop)
  need_place
  rm -f "$HOME_DIR/env"
  redis-cli -s "$DATA/redis.sock" shutdown nosave >/dev/null 2>&1 || true
  if [ -f "$DATA/pg/data/postmaster.pid" ]; then
    cd /
    as_postgres pg_ctl -s -w -m fast -D "$DATA/pg/data" stop
  fi
  ;;
run)
  # Starts them for one command; what was running before stays.
  shift
  was_running=$([ -f "$HOME_DIR/env" ] && "$0" status >/dev/null 2>&1 && echo yes || true)
  "$0" start
  code=0
  "$@" || code=$?
  [ -n "$was_running" ] || "$0" stop
  exit $code
  ;;
env)
  need_place
  variables | sed 's/^\([A-Z_]*\)=\(.*\)$/export \1="\2"/'
  ;;
status)
  need_place
  as_postgres pg_isready -h "$DATA/pg" && redis-cli -s "$DATA/redis.sock" ping
  ;;
*)
  echo "usage: $0 start|stop|env|status|run COMMAND..." >&2
  exit 2
  ;;
esac
