#!/usr/bin/env bash
# Times libxq beside what does the same, on servers of this machine's own, and prints a table. Fails where a figure that
# does not depend on the clock breaks its promise.
#
#     benches/run.sh [--quick] [--install]
#
# --quick: few rounds, which show that everything still runs; the times then mean nothing.
# Needs Linux with Rust, cc, nginx, openssl, strace, valgrind and the headers of libcurl and OpenSSL. What is missing is
# installed from Debian with --install, or where CI is set; otherwise the script names it and stops.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin

warnings=(-std=c99 -Wall -Wextra -Wpedantic -Werror)
quick= install=${CI:-}
for argument in "$@"; do
  case $argument in
    --quick) quick=1 ;;
    --install) install=1 ;;
    *) sed -n '2,/^set/{/^#/p}' "$0"; exit 2 ;;
  esac
done
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
library="$target/release"
programs="$target/benches/c"
work=$(mktemp -d)
trap 'stop_nginx; rm -rf "$work"' EXIT

# A figure for the whole run, and one for the quick one.
few() { if [ -n "$quick" ]; then echo "$2"; else echo "$1"; fi; }

say() { printf '\n== %s (%s)\n' "$*" "$(date +%T)"; }

has_header() { echo "#include <$1>" | cc -E - >/dev/null 2>&1; }

packages_are_there() {
  local missing=() tool
  for tool in cc:gcc nginx:nginx-light openssl:openssl strace:strace valgrind:valgrind; do
    command -v "${tool%%:*}" >/dev/null || missing+=("${tool##*:}")
  done
  has_header curl/curl.h || missing+=(libcurl4-openssl-dev)
  has_header openssl/evp.h || missing+=(libssl-dev)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ -z "$install" ]; then
    echo "missing: ${missing[*]} (Debian's names); --install installs them"
    exit 1
  fi
  say "Debian packages: ${missing[*]}"
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
}

# compile PROGRAM SOURCES_AND_OPTIONS...
compile() {
  local program=$1
  shift
  (cd benches && cc "${warnings[@]}" -D_POSIX_C_SOURCE=200809L -O2 -I../include -o "$programs/$program" "$@" \
    -L"$library" -Wl,-rpath,"$library")
}

build() {
  # As it is installed; a plain `cargo build` makes another.
  make build
  cargo build --release --locked --package xq-benches --target-dir "$target/benches/rust"
  mkdir -p "$programs"
  compile one_call one_call.c bench.c by_xq.c by_curl.c by_floor.c -lxq -lcurl -lssl -lcrypto
  compile threads threads.c bench.c by_xq.c by_curl.c -lxq -lcurl -pthread
  compile first_call_xq first_call.c bench.c by_xq.c -lxq
  compile first_call_curl -DBY_CURL first_call.c bench.c by_curl.c -lcurl
  compile many_keys many_keys.c bench.c by_xq.c -lxq
  compile load load.c bench.c -ldl
  compile envelope envelope.c bench.c -lcrypto
  compile sealing sealing.c bench.c -lxq -lcrypto
}

# A root, and a certificate from it for this machine.
make_certificates() {
  local new=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
  openssl req -x509 "${new[@]}" -keyout "$work/ca.key" -out "$work/ca.pem" -subj "/CN=libxq benches" -days 2
  openssl req "${new[@]}" -keyout "$work/server.key" -out "$work/server.csr" -subj "/CN=localhost"
  echo "subjectAltName=DNS:localhost" >"$work/names"
  openssl x509 -req -in "$work/server.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 2 \
    -extfile "$work/names" -out "$work/server.pem"
}

# Fixed replies over TLS. Under /counted, each request leaves the number of its connection in a file.
write_configuration() {
  cat <<N
worker_processes 1;
pid $work/nginx.pid;
error_log $work/error.log;
events { worker_connections 512; }
http {
  access_log off;
  log_format connection \$connection;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  client_max_body_size 0;
  client_body_temp_path $work/body;
  proxy_temp_path $work/proxy;
  fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi;
  scgi_temp_path $work/scgi;
  default_type text/plain;
  server {
    listen 127.0.0.1:$1 ssl;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate $work/server.pem;
    ssl_certificate_key $work/server.key;
    location /key/ { return 200 "a-key-of-32-characters-and-no-mo"; }
    location /counted/key/ {
      access_log $work/connections.log connection;
      return 200 "a-key-of-32-characters-and-no-mo";
    }
    # There is no such file, and so the reply is the content of another: a file itself is not for POST.
    location = /packet/add { root $work; error_page 404 =200 /reply.json; }
    location = /reply.json { root $work; }
  }
}
N
}

start_nginx() {
  local port
  chmod 755 "$work"
  make_certificates >"$work/openssl.log" 2>&1
  "$programs/many_keys" reply 10000 >"$work/reply.json"
  for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 10000))
    write_configuration "$port" >"$work/nginx.conf"
    if nginx -p "$work" -c "$work/nginx.conf" >"$work/nginx.log" 2>&1; then
      origin="https://localhost:$port"
      return
    fi
  done
  cat "$work/nginx.log"
  exit 1
}

stop_nginx() { if [ -f "$work/nginx.pid" ]; then kill "$(cat "$work/nginx.pid")" || true; fi; }

# The middle of the numbers that come in, one a line.
median() { sort -g | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

# column N [WORDS]: of the lines that begin with WORDS
column() { awk -v n="$1" -v words="${2:-}" 'substr($0, 1, length(words)) == words { print $n }'; }

header() { printf '\n%-52s %12s %12s %8s %s\n' "$1" libxq "$2" ratio aim; }

# row WHAT LIBXQ OTHER AIM
row() {
  printf '%-52s %12s %12s %8s %s\n' "$1" "$2" "$3" \
    "$(awk -v a="$2" -v b="$3" 'BEGIN { if (b + 0 > 0) printf "%.2f", a / b; else print "" }')" "${4:-}"
}

# promise WHAT FIGURE MOST: what does not depend on the clock. A figure of nothing is one that was not taken.
promise() {
  if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a > b || a <= 0) }'; then
    echo "BROKEN: $1: $2; at most $3 was promised"
    broken=1
  fi
}

# What one call of CLIENT costs, by COUNT, which counts a whole program: that of many calls, less that of few.
for_one_call() {
  local some more calls
  calls=$(few 400 100)
  some=$("$1" "$2" 50)
  more=$("$1" "$2" $((50 + calls)))
  awk -v some="$some" -v more="$more" -v calls="$calls" 'BEGIN { printf "%.2f", (more - some) / calls }'
}

count_instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$programs/one_call" "$origin" "$work/ca.pem" "$1" "$2" \
    >"$work/callgrind" 2>&1 || { cat "$work/callgrind"; exit 1; }
  awk '/Collected :/ { print $4 }' "$work/callgrind"
}

count_system_calls() {
  strace -f -o "$work/strace" "$programs/one_call" "$origin" "$work/ca.pem" "$1" "$2"
  wc -l <"$work/strace"
}

one_call() {
  header "one call over a kept TLS connection" libcurl
  "$programs/one_call" "$origin" "$work/ca.pem" all "$(few 41 3)" "$(few 500 50)" >"$work/call"
  local xq curl floor
  xq=$(column 2 xq <"$work/call") curl=$(column 2 curl <"$work/call") floor=$(column 2 floor <"$work/call")
  row "time, microseconds" "$xq" "$curl" 0.8
  row "of the processor, microseconds" "$(column 3 xq <"$work/call")" "$(column 3 curl <"$work/call")"
  # What the same exchange costs at the least (floor.h) is nobody's to save.
  row "time beyond the floor of $floor microseconds" "$(awk -v a="$xq" -v b="$floor" 'BEGIN { print a - b }')" \
    "$(awk -v a="$curl" -v b="$floor" 'BEGIN { print a - b }')" 0.5
  xq=$(for_one_call count_instructions xq)
  curl=$(for_one_call count_instructions curl)
  row "instructions in user space (callgrind)" "${xq%.*}" "${curl%.*}" 45000
  xq=$(for_one_call count_system_calls xq)
  curl=$(for_one_call count_system_calls curl)
  row "system calls (strace)" "$xq" "$curl" "3 calls"
  "$programs/one_call" "$origin" "$work/ca.pem" derive "$(few 100000 1000)" >"$work/derive"
  row "a handle from a handle, microseconds" "$(column 2 xq <"$work/derive")" "$(column 2 curl <"$work/derive")"
  # Rounded: a time limit that a slow machine has eaten into is set anew, now and then.
  promise "system calls for one call" "$(printf %.0f "$xq")" 3
}

threads() {
  header "threads on one handle: calls a second" libcurl
  "$programs/threads" "$origin" "$work/ca.pem" both "$(few 11 1)" "$(few 1000 50)" >"$work/threads"
  local count connections
  for count in 1 2 4 8; do
    row "$count" "$(column 2 "$count" <"$work/threads")" "$(column 3 "$count" <"$work/threads")"
  done
  printf '\n%-52s\n' "connections that nginx saw, for $(few 1000 100) calls of each thread"
  for count in 1 2 4 8; do
    : >"$work/connections.log"
    "$programs/threads" "$origin/counted" "$work/ca.pem" xq "$count" "$(few 1000 100)"
    connections=$(sort -u "$work/connections.log" | wc -l)
    row "$count" "$connections" "" "one a thread"
    promise "connections of $count threads" "$connections" "$count"
  done
}

many_keys() {
  header "10,000 keys in one call" "serde_json"
  local tls memory alone rounds
  for _ in $(seq "$(few 9 1)"); do
    rounds=$(few 20 1)
    "$programs/many_keys" 10000 - - cpu "$rounds" >>"$work/keys"
    "$target/benches/rust/release/serde_json" "$work/reply.json" "$rounds" >>"$work/keys_json"
    "$programs/many_keys" 10000 "$origin" "$work/ca.pem" cpu "$rounds" >>"$work/keys_tls"
  done
  memory=$(median <"$work/keys") alone=$(median <"$work/keys_json") tls=$(median <"$work/keys_tls")
  row "of the processor, milliseconds: over memory" "$memory" "$alone" 2
  row "the same over TLS, with the system's part" "$tls" "$alone" 2
  header "" "request"
  # shellcheck disable=SC2046 # two figures
  set -- $("$programs/many_keys" 10000 "$origin" "$work/ca.pem" memory)
  row "memory at its peak, bytes" "$2" "$1" 3
}

beginning() {
  header "beginning" libcurl
  for _ in $(seq "$(few 21 1)"); do
    "$programs/load" "$library/libxq.so" >>"$work/load_xq"
    "$programs/load" libcurl.so.4 >>"$work/load_curl"
    "$programs/first_call_xq" "$origin" "$work/ca.pem" >>"$work/first_xq"
    "$programs/first_call_curl" "$origin" "$work/ca.pem" >>"$work/first_curl"
  done
  row "the library loaded, milliseconds" "$(median <"$work/load_xq")" "$(median <"$work/load_curl")" "2 ms"
  row "the first handle made and freed, milliseconds" "$(median <"$work/first_xq")" \
    "$(median <"$work/first_curl")" "2 ms"
  row "resident after the first call over TLS, bytes" "$(column 2 <"$work/first_xq" | median)" \
    "$(column 2 <"$work/first_curl" | median)" "6 MB"
}

envelopes() {
  header "envelopes: microseconds of the processor" libcrypto
  local version size key
  for _ in $(seq "$(few 9 1)"); do
    "$target/benches/rust/release/envelope" "$(few 300 5)" >>"$work/envelope_xq"
    "$programs/envelope" "$(few 300 5)" >>"$work/envelope_c"
  done
  for version in 1 2 3; do
    for size in 1024 65536; do
      key="$version $size "
      row "version $version, $size bytes: sealed" "$(column 3 "$key" <"$work/envelope_xq" | median)" \
        "$(column 3 "$key" <"$work/envelope_c" | median)"
      row "version $version, $size bytes: opened" "$(column 4 "$key" <"$work/envelope_xq" | median)" \
        "$(column 4 "$key" <"$work/envelope_c" | median)"
    done
  done
}

sealing() {
  header "messages in GCM: microseconds of the processor" libcrypto
  local size aim what algorithm folder growth
  "$programs/sealing" messages "$(few 21 1)" "$(few 200 5)" >"$work/messages"
  for size in 1024 65536; do
    [ $size = 1024 ] && aim=0.7 || aim=1.2
    for what in sealed opened; do
      row "$size bytes $what" "$(column 3 "$size $what" <"$work/messages")" \
        "$(column 4 "$size $what" <"$work/messages")" $aim
    done
  done
  # In memory, so that no disk is timed; where there is no such place, the figures have the disk in them.
  folder=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d -p "$work")
  header "a file of $(few "1 GB" "8 MB"): seconds of the processor" libcrypto
  "$programs/sealing" files "$folder" "$(few 1e9 8e6)" "$(few 7 1)" >"$work/files"
  for algorithm in GCM CTR; do
    for what in sealed opened; do
      row "$algorithm $what" "$(column 3 "$algorithm $what" <"$work/files")" \
        "$(column 4 "$algorithm $what" <"$work/files")" 1.3
    done
  done
  growth=$("$programs/sealing" memory "$folder" "$(few 1e9 64e6)")
  rm -rf "$folder"
  row "memory more than for a file of 1 MB, bytes" "$growth" "" "1 MB"
  promise "memory more than for a file of 1 MB" "$growth" 1000000
}

packages_are_there
say "The library and the programs: some minutes the first time"
build
start_nginx
broken=
say "Figures"
one_call
threads
many_keys
beginning
envelopes
sealing
[ -z "$broken" ] || exit 1
say "every promise holds"
