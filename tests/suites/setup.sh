#!/usr/bin/env bash
# The set-up's decisions: when is a build current, who waits for whom, what is said when something is missing.
#
# Works on a copy of the scripts in a scratch tree, with stand-ins for apt, sudo and ninja first on the PATH, so that
# nothing is installed. Each stand-in notes its calls. The real thing, on a fresh machine, is tried by hand: docs/HACKING.md.
#
# shellcheck disable=SC2016 # the stand-ins' bodies are expanded when they run
set -uo pipefail
# shellcheck source=tests/lib/check.sh
source "$BURROW_ROOT/tests/lib/check.sh"
tree=$TEST_TMP/tree
stubs=$TEST_TMP/stubs
calls=$TEST_TMP/calls
mkdir -p "$tree/compiler/source" "$tree/driver" "$stubs"
cp -r "$BURROW_ROOT/burrow" "$BURROW_ROOT/scripts" "$BURROW_ROOT/CMakePresets.json" "$tree/"
echo 'project(x)' >"$tree/CMakeLists.txt"
echo 'int x;' >"$tree/compiler/source/x.cpp"

# stub NAME BODY: a stand-in command.
stub() {
  printf '#!/bin/bash\necho "%s $*" >>"%s"\n%s\n' "$1" "$calls" "$2" >"$stubs/$1"
  chmod +x "$stubs/$1"
}
stub cmake 'mkdir -p build/release && touch build/release/build.ninja && echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >build/release/CMakeCache.txt'
stub ninja 'sleep 0.2; mkdir -p "$2/bin" && printf "#!/bin/sh\necho driver \$*\n" >"$2/bin/burrow" && chmod +x "$2/bin/burrow"'
stub apt-get 'true'
stub sudo 'exit 1'
dpkgInstalled='shift 3; for p; do echo "$p installed"; done'
stub dpkg-query "$dpkgInstalled"

# A distribution, as far as the set-up looks.
goroot=$TEST_TMP/go
mkdir -p "$goroot/src/runtime" "$goroot/src/fmt" "$goroot/test"
echo go1.27.4 >"$goroot/VERSION"

user=()
burrow() {
  BURROW_GOROOT=${goVariable-$goroot} PATH=$stubs:$PATH \
    timeout 60 setsid -w "${user[@]}" "$tree/burrow" "$@" 2>"$TEST_TMP/err" </dev/null
}

ran() { grep -q "^$1" "$calls" 2>/dev/null; }
didNotRun() { ! ran "$1"; }
says() { grep -qF -- "$1" "$TEST_TMP/err"; }

output=$(burrow run x)
check "the first call builds and runs the driver" test "$output" = "driver run x"
check "the first call built" ran ninja

: >"$calls"
output=$(burrow version)
check "the second call runs the driver" test "$output" = "driver version"
check "the second call does nothing else" test ! -s "$calls"
check "the second call says nothing" test ! -s "$TEST_TMP/err"

# What it costs is counted: the processes that it starts. Its processor time, which depends on the machine, is told.
started=$(BURROW_GOROOT=$goroot PATH=$stubs:$PATH bash -x "$tree/burrow" version 2>&1 >/dev/null | sed -n 's/^+\{1,\} //p' |
  while read -r command _; do [[ $(type -t -- "$command") != file ]] || echo "$command"; done | sort | tr '\n' ' ')
check "a call with nothing to do starts dirname twice, find and readlink, and not: $started" test "$started" = "dirname dirname find readlink "
TIMEFORMAT='%U %S'
{ time for _ in {1..10}; do burrow version >/dev/null; done; } 2>"$TEST_TMP/time"
echo "NOTE: a call with nothing to do costs $(awk '{ printf "%d", ($1 + $2) * 100 }' "$TEST_TMP/time") ms of processor time"

# changed WHAT COMMAND...: after the command, a call builds.
changed() {
  local what=$1
  shift
  sleep 0.05
  "$@"
  : >"$calls"
  burrow version >/dev/null
  check "$what: builds" ran ninja
  : >"$calls"
  burrow version >/dev/null
  check "$what: once" didNotRun ninja
}
changed "a changed file" sh -c "echo 'int y;' >>'$tree/compiler/source/x.cpp'"
changed "a new file" touch "$tree/compiler/source/y.cpp"
changed "a deleted file" rm "$tree/compiler/source/y.cpp"
changed "a file with an old time" touch -d 2000-01-01 "$tree/compiler/source/x.cpp"

mv "$tree" "$tree.moved"
tree=$tree.moved
: >"$calls"
burrow version >/dev/null
check "a moved tree is configured anew" ran cmake

# Two at once: one builds, the other waits for it and has nothing left to do.
touch "$tree/compiler/source/x.cpp"
: >"$calls"
burrow version >/dev/null &
burrow version >/dev/null
wait
check "two at once build once" test "$(grep -c '^ninja' "$calls")" -eq 1

# A build that fails must not be taken for a complete one.
touch "$tree/compiler/source/x.cpp"
good=$(cat "$stubs/ninja")
stub ninja 'exit 1'
burrow version >/dev/null
check "a failed build fails the call" test $? -ne 0
check "a failed build is told" says "the build failed"
printf '%s\n' "$good" >"$stubs/ninja"
burrow version >/dev/null
check "the next call builds again" test $? -eq 0

# Neither root nor a sudo that works.
if [[ $EUID -eq 0 ]]; then
  user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chown -R 65534:65534 "$TEST_TMP"
fi
touch "$tree/compiler/source/x.cpp"
stub dpkg-query 'exit 1'
: >"$calls"
burrow version >/dev/null
check "missing packages without root fail" test $? -ne 0
check "missing packages are named" says "apt-get install --no-install-recommends cmake"
check "nothing is tried without root" didNotRun "apt-get -y"
stub dpkg-query "$dpkgInstalled"

touch "$tree/compiler/source/x.cpp"
goVariable=$TEST_TMP/nowhere burrow version >/dev/null
check "a wrong BURROW_GOROOT fails" test $? -ne 0
check "a wrong BURROW_GOROOT is named" says "BURROW_GOROOT=$TEST_TMP/nowhere is not a complete Go"

# A link to the command works from anywhere.
burrow version >/dev/null
ln -s "$tree/burrow" "$TEST_TMP/link"
check "through a link" test "$(cd / && BURROW_GOROOT=$goroot PATH=$stubs:$PATH "$TEST_TMP/link" a "b c")" = "driver a b c"

for script in "$BURROW_ROOT"/{burrow,test,.ci/run} "$BURROW_ROOT"/scripts/*.sh "$BURROW_ROOT"/tests/suites/*.sh; do
  check "$script: syntax" bash -n "$script"
done
echo "counts: $passed $failed 0"
