# shellcheck shell=bash
# What every script here shares: where the tree is, how it speaks, and the lock.
#
# Nothing below writes to standard output: `./burrow run prog` may be part of a pipe, so all that the set-up says goes
# to standard error. Scripts are sourced, never run, and run under `set -euo pipefail`.

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
buildDir=$root/build/release
depsDir=$root/.deps
logDir=$root/build/log

say() { printf 'burrow: %s\n' "$*" >&2; }

# fail MESSAGE [FURTHER LINES...]: the set-up cannot go on; says why and what to do.
fail() {
  say "$1"
  shift
  [[ $# -eq 0 ]] || printf '        %s\n' "$@" >&2
  exit 1
}

# takeLock: at most one set-up works on this tree; a second one waits, then finds everything done. The lock is held by
# descriptor 9 and goes away with the process, however it ends. Whatever is exec'd afterwards must close it: releaseLock.
takeLock() {
  mkdir -p "$root/build" 2>/dev/null || true
  [[ -w $root/build ]] || fail "cannot write to $root/build" "it belongs to $(stat -c %U "$root/build" 2>/dev/null || echo another user): run as that user, or hand it over with chown"
  exec 9>"$root/build/.lock"
  if ! flock -n 9; then
    say "another set-up is at work in this tree; waiting for it"
    flock 9
  fi
  mkdir -p "$logDir"
}

releaseLock() { exec 9>&-; }
