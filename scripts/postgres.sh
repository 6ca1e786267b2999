#!/usr/bin/env bash
# A throw-away PostgreSQL for tests, of Debian's package, on a socket in FOLDER and as a user without rights:
#   scripts/postgres.sh start FOLDER     makes it when it is missing, starts it and prints its address
#   scripts/postgres.sh stop FOLDER      as if the power went; scripts/postgres.sh remove FOLDER stops it and takes all away
set -euo pipefail
verb=${1-} folder=${2-}
programs=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
[[ -n $programs && -n $folder ]] || {
    echo "PostgreSQL is missing, or the folder was not named." >&2
    exit 1
}

# PostgreSQL refuses to run as root.
plainly() { if ((EUID == 0)); then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

case $verb in
start)
    if [[ ! -d $folder/data ]]; then
        mkdir -p "$folder"
        chmod 755 "$folder"
        ((EUID != 0)) || chown postgres: "$folder"
        plainly "$programs/initdb" -D "$folder/data" -U waymark -A trust -E UTF8 --locale=C --no-sync >/dev/null
        # Nothing here outlives the tests, so nothing has to reach the disk.
        printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$folder'" 'fsync = off' \
            'max_connections = 1000' 'shared_buffers = 64MB' 'autovacuum = off' 'log_min_messages = fatal' \
            >"$folder/more.conf"
        ((EUID != 0)) || chown postgres: "$folder/more.conf"
        echo "include '$folder/more.conf'" | plainly tee -a "$folder/data/postgresql.conf" >/dev/null
    fi
    plainly "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start >/dev/null </dev/null
    echo "postgres://waymark@/postgres?host=$folder"
    ;;
stop) plainly "$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null ;;
remove)
    [[ ! -d $folder/data ]] || plainly "$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
    ;;
*)
    echo "start, stop or remove; there is no $verb." >&2
    exit 1
    ;;
esac
