#!/usr/bin/env bash
# A PostgreSQL server for the tests, with Debian's packages. `server.sh install` installs them where they are missing; `server start FOLDER`
# makes a server in a new folder and starts it, as an ordinary user, on a free port of the loopback interface, and prints what
# ONEFOLD_POSTGRES is to be; `server stop FOLDER` stops it and takes the folder away.
set -euo pipefail
what="${1:?install, start or stop}"

if [ "$what" = install ]; then
  ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || exit 0
  command -v apt-get >/dev/null || { echo "PostgreSQL is not installed, and there is no apt-get" >&2; exit 1; }
  root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
  # The packages are not to make and start a server of their own.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    root mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" | root tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  root apt-get update -qq >&2
  root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >&2
  exit 0
fi
folder="${2:?a folder}"

bin="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)"
[ -n "$bin" ] || { echo "no PostgreSQL server is installed (apt-get install postgresql)" >&2; exit 1; }

# The server refuses to run as root.
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  user=nobody
  if id postgres >/dev/null 2>&1; then user=postgres; fi
  as() { runuser -u "$user" -- "$@"; }
fi

case "$what" in
  start)
    mkdir "$folder"
    chmod 755 "$folder"
    [ "$(id -u)" != 0 ] || chown "$user" "$folder"
    cd "$folder"
    as "$bin/initdb" --pgdata "$folder/data" --username onefold --auth trust --encoding UTF8 --no-locale --no-sync >/dev/null
    for _ in $(seq 20); do
      port=$((20000 + RANDOM))
      options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c max_connections=100 ${ONEFOLD_POSTGRES_OPTIONS:--c fsync=off}"
      if as "$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/log" --wait --options "$options" start >/dev/null 2>&1; then
        echo "host=127.0.0.1 port=$port user=onefold dbname=postgres"
        exit 0
      fi
    done
    cat "$folder/log" >&2
    exit 1
    ;;
  stop)
    cd /
    as "$bin/pg_ctl" --pgdata "$folder/data" --mode immediate stop >/dev/null
    rm -rf "$folder"
    ;;
  *) echo "install, start or stop" >&2; exit 2 ;;
esac
