#!/bin/bash
# How long our scanner and parser take for all of GOROOT/src, against gofmt -l (which parses, prints and compares).
# User time on one core, both programs in turn, several rounds; prints each round and the ratio of the medians.
#
# usage: bench/parse.sh BURROW_PARSE GOROOT [rounds]
set -euo pipefail
tool=${1:?usage: parse.sh BURROW_PARSE GOROOT [rounds]}
goroot=${2:?usage: parse.sh BURROW_PARSE GOROOT [rounds]}
rounds=${3:-3}
limit=0.333

[[ -x $tool ]] || { echo "$tool: no such program" >&2; exit 2; }
list=$(mktemp)
trap 'rm -f "$list"' EXIT
find -L "$goroot/src" -type f -name '*.go' >"$list"

export GOMAXPROCS=1
TIMEFORMAT=%U
user_time() { { time "$@" >/dev/null 2>&1 || true; } 2>&1; }
ours() { "$tool" -bench <"$list"; }
theirs() { "$goroot/bin/gofmt" -l "$goroot/src/"; }
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

a=() b=()
for ((i = 1; i <= rounds; i++)); do
  a+=("$(user_time ours)")
  b+=("$(user_time theirs)")
  echo "round $i: burrow_parse ${a[-1]} s, gofmt -l ${b[-1]} s"
done
ma=$(median "${a[@]}")
mb=$(median "${b[@]}")
awk -v a="$ma" -v b="$mb" -v n="$(wc -l <"$list")" -v limit="$limit" 'BEGIN {
  printf "%d files: ratio %.3f (at most %.3f allowed)\n", n, a / b, limit
  exit !(a / b <= limit)
}'
