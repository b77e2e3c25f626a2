# shellcheck shell=bash
# shellcheck disable=SC2154 # repository, state, port and log are those of ops/run
# A whole gateway on this machine: folders, system users, certificates, a private PostgreSQL, bramad,
# nginx. Sourced by ops/run, which sets repository, state, port and report_failure.
#
# As root each role is a system user of its own and PostgreSQL tells their rights apart by it (peer
# authentication); as an ordinary user all are this user. Sockets stand in a short folder, because
# their paths may not be longer than 100 bytes.

postgres_bin=/usr/lib/postgresql/15/bin
users=(brama-postgres brama-front brama-worker brama-checker brama-signer brama-reader brama-desk
    brama-courier brama-nginx)
as_root=false
[ "$(id -u)" -ne 0 ] || as_root=true

sockets=""
bramad_pid=""
nginx_pid=""
postgres_started=false

# as USER COMMAND...: as that system user when we are root, else as ourselves.
as() {
    local user=$1
    shift
    if $as_root; then
        setpriv --reuid "$user" --regid "$user" --clear-groups -- "$@"
    else
        "$@"
    fi
}

# owned USER FOLDER: a folder of that user alone.
owned() {
    mkdir -p "$2"
    chmod 700 "$2"
    if $as_root; then
        chown "$1:$1" "$2"
    fi
}

make_users() {
    $as_root || return 0
    local user
    for user in "${users[@]}"; do
        id "$user" >/dev/null 2>&1 \
            || useradd --system --user-group --no-create-home --home-dir /nonexistent \
                --shell /usr/sbin/nologin "$user" || return 1
    done
}

# Programs stand beside the state, where every system user can reach them, and keep what is running
# apart from what is being built.
make_folders() {
    mkdir -p "$state/bin" "$state/receipts" "$state/log" "$state/nginx"
    chmod 755 "$state" "$state/bin" "$state/receipts" "$state/log" "$state/nginx"
    owned brama-postgres "$state/postgres"
    owned brama-worker "$state/bramad"
    install -m 755 "$repository/build/brama" "$repository/build/bramad" "$state/bin/"
    install -m 644 "$repository/tests/samples/urzad-certyfikacji-przyklad.pem" "$state/trust.pem"
    # Of whoever tries out packages of their own.
    [ ! -f "$state/issuers.pem" ] || cat "$state/issuers.pem" >>"$state/trust.pem"
    sockets=$(mktemp -d /tmp/brama.XXXXXX)
    mkdir "$sockets/pg" "$sockets/front"
    chmod 755 "$sockets" "$sockets/pg" "$sockets/front"
    if $as_root; then
        chown brama-postgres: "$sockets/pg"
    fi
    "$repository/certs/make" "$state/certs"
}

# Which system user may be which database role.
write_access() {
    local self
    self=$(id -un)
    echo "local all all peer map=brama" >"$state/postgres/data/pg_hba.conf"
    {
        for role in postgres brama_owner brama_writer brama_reader brama_desk brama_courier brama_admin; do
            echo "brama $self $role"
        done
        if $as_root; then
            echo "brama brama-postgres postgres"
            echo "brama brama-worker brama_writer"
            echo "brama brama-reader brama_reader"
            echo "brama brama-desk brama_desk"
            echo "brama brama-courier brama_courier"
        fi
    } >"$state/postgres/data/pg_ident.conf"
    cat >"$state/postgres/data/brama.conf" <<EOF
listen_addresses = ''
unix_socket_directories = '$sockets/pg'
synchronous_commit = on
max_connections = 40
shared_buffers = 128MB
max_wal_size = 1GB
log_timezone = 'UTC'
timezone = 'UTC'
lc_messages = 'C'
EOF
}

start_postgres() {
    local data=$state/postgres/data
    if [ ! -f "$data/PG_VERSION" ]; then
        (cd / && as brama-postgres "$postgres_bin/initdb" -D "$data" -U postgres -E UTF8 \
            --locale=C --auth=peer >"$state/log/initdb.log" 2>&1) || return 1
        echo "include 'brama.conf'" >>"$data/postgresql.conf"
    fi
    # Left over from a run that was killed: its sockets are elsewhere.
    (cd / && as brama-postgres "$postgres_bin/pg_ctl" -D "$data" status >/dev/null 2>&1 \
        && as brama-postgres "$postgres_bin/pg_ctl" -D "$data" -m fast -w stop >/dev/null 2>&1)
    write_access
    : >"$state/log/postgres.log"
    if $as_root; then
        chown brama-postgres: "$state/log/postgres.log"
    fi
    # In a session of its own, so that Ctrl-C reaches ops/run alone, which stops things in order.
    (cd / && as brama-postgres setsid "$postgres_bin/pg_ctl" -D "$data" -w -t 60 \
        -l "$state/log/postgres.log" start >/dev/null 8>&-) || return 1
    postgres_started=true
}

# sql ROLE ARGUMENTS...
sql() {
    local role=$1
    shift
    "$postgres_bin/psql" -X -q -v ON_ERROR_STOP=1 -h "$sockets/pg" -U "$role" "$@"
}

make_database() {
    [ "$(sql postgres -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'brama'")" = 1 ] \
        || sql postgres -d postgres -f "$repository/ops/roles.sql"
}

# The commented configuration with the values of this machine: a setting that is already there is
# replaced, so no second table of settings exists.
write_config() {
    local wanted name
    declare -A wanted=(
        [environment]=test [receiver]="Brama, środowisko testowe" [public_url]="https://localhost:$port"
        [listen]="$sockets/front/front.sock" [socket_group]="" [health_address]=127.0.0.1:0
        [state_folder]="$state/bramad" [seal_key]="$state/certs/seal.key"
        [seal_certificate]="$state/certs/seal.pem" [trust]="$state/trust.pem"
        [database_host]="$sockets/pg" [database_folder]="$state/postgres" [disk_reserve_bytes]=134217728
        [user_front]="" [user_worker]="" [user_checker]="" [user_signer]="" [user_reader]="" [user_desk]=""
        [user_courier]="" [webhook_key]="$state/certs/webhook.key" [courier_trust]="$state/certs/root.pem"
        [webhook_loopback]=1
    )
    if $as_root; then
        wanted[socket_group]=brama-nginx
        for name in front worker checker signer reader desk courier; do
            wanted[user_$name]=brama-$name
        done
    fi
    local line
    {
        echo "# Zapisuje to ops/run przy każdym uruchomieniu; zmiany zrobione tutaj przepadną."
        while IFS= read -r line; do
            name=${line%%=*}
            name=${name#\#}
            name=${name%% }
            if [[ $line == *=* && -n ${wanted[$name]+there} ]]; then
                echo "$name = ${wanted[$name]}"
            else
                echo "$line"
            fi
        done <"$repository/ops/bramad.conf"
    } >"$state/bramad.conf"
}

# Wait for the line that bramad writes when all its roles work; its end comes when it fails instead.
start_bramad() {
    mkfifo "$sockets/ready"
    setsid "$state/bin/bramad" --config "$state/bramad.conf" --ready-fd 9 \
        9>"$sockets/ready" 2>>"$state/log/bramad.log" </dev/null >/dev/null 8>&- &
    bramad_pid=$!
    read -r -t 60 health_port <"$sockets/ready" && [ -n "$health_port" ]
}

start_nginx() {
    local settings=(port="127.0.0.1:$port" names="localhost 127.0.0.1" daemon=off
        socket="$sockets/front/front.sock" state="$state/nginx" certificate="$state/certs/server.pem"
        key="$state/certs/server.key" client_ca="$state/certs/client-authority.pem"
        public_url="https://localhost:$port")
    if $as_root; then
        settings+=(user=brama-nginx)
    fi
    "$repository/ops/nginx/configure" "${settings[@]}" >"$state/nginx.conf" || return 1
    /usr/sbin/nginx -t -q -c "$state/nginx.conf" 2>>"$state/log/nginx.log" || return 1
    setsid /usr/sbin/nginx -c "$state/nginx.conf" </dev/null >/dev/null 2>>"$state/log/nginx.log" 8>&- &
    nginx_pid=$!
}

# Whether the gateway answers from end to end.
is_up() {
    for _ in $(seq 100); do
        kill -0 "$nginx_pid" 2>/dev/null || return 1
        "$state/bin/brama" status --server "https://localhost:$port" --ca "$state/certs/root.pem" \
            --retry 0 >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    return 1
}

# stop PID NAME: ask it to end, wait, and only then insist.
stop() {
    [ -n "$1" ] && kill -0 "$1" 2>/dev/null || return 0
    kill -TERM "$1"
    for _ in $(seq 200); do
        kill -0 "$1" 2>/dev/null || { wait "$1" 2>/dev/null; return 0; }
        sleep 0.1
    done
    echo "ops/run: $2 nie kończy się; kończę go siłą" >&2
    kill -KILL "$1"
    wait "$1" 2>/dev/null
}

# A run that was killed could stop nothing: what it left is found by the configuration that it was
# started with, which stands in this state folder and nowhere else. PostgreSQL is start_postgres's.
end_leftovers() {
    local folder pid name
    for folder in /proc/[0-9]*; do
        pid=${folder#/proc/}
        case " $({ tr '\0' ' ' <"$folder/cmdline"; } 2>/dev/null) " in
        *" $state/bin/bramad --config $state/bramad.conf "*) name=bramad ;;
        *" /usr/sbin/nginx -c $state/nginx.conf "*) name=nginx ;;
        *) continue ;;
        esac
        echo "ops/run: kończę $name (proces $pid), którego zostawiło przerwane ops/run" >&2
        stop "$pid" "$name"
    done
    remove_leftover_sockets
}

# Their folder, as the configuration of the run that left it names it.
remove_leftover_sockets() {
    local listen
    listen=$(sed -n 's/^listen = //p' "$state/bramad.conf" 2>/dev/null)
    case $listen in
    /tmp/brama.??????/front/front.sock) rm -rf "${listen%/front/front.sock}" ;;
    esac
}

port_is_free() {
    perl -MIO::Socket::INET -e 'exit(IO::Socket::INET->new(LocalAddr => "127.0.0.1",
        LocalPort => $ARGV[0], Listen => 1, ReuseAddr => 1) ? 0 : 1)' "$1"
}

# Who listens on a port: "nginx (proces 4711)", or nobody that we are allowed to see.
port_holder() {
    local inode holder
    while read -r inode; do
        holder=$(find /proc/[0-9]*/fd -lname "socket:\\[$inode\\]" -print -quit 2>/dev/null | cut -d/ -f3)
        if [ -n "$holder" ]; then
            echo "$(cat "/proc/$holder/comm") (proces $holder)"
            return
        fi
    done < <(awk -v port="$(printf ':%04X' "$1")" \
        '$4 == "0A" && substr($2, length($2) - 4) == port { print $10 }' \
        /proc/net/tcp /proc/net/tcp6 2>/dev/null)
    echo "program innego użytkownika"
}

stop_all() {
    stop "$nginx_pid" nginx
    stop "$bramad_pid" bramad
    nginx_pid=""
    bramad_pid=""
    if $postgres_started; then
        (cd / && as brama-postgres "$postgres_bin/pg_ctl" -D "$state/postgres/data" -m fast -w \
            stop >/dev/null)
        postgres_started=false
    fi
    [ -z "$sockets" ] || rm -rf "$sockets"
    sockets=""
}

# The end of a log, with its name.
show_log() {
    [ -s "$1" ] || return 0
    echo "--- $1 (koniec):" >&2
    tail -n 15 "$1" >&2
}
