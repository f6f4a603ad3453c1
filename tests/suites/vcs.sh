#!/usr/bin/env bash
# Version control stamps (-buildvcs): the commit, its time and the module's version there, in the build information. Each case
# has what must be there, and gc says the same.
set -uo pipefail
# shellcheck source=tests/lib/check.sh
source "$BURROW_ROOT/tests/lib/check.sh"
if ! command -v git >/dev/null; then
  echo "no git here"
  echo "counts: 0 0 1"
  exit 0
fi
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.test GIT_COMMITTER_NAME=a \
  GIT_COMMITTER_EMAIL=a@example.test GIT_AUTHOR_DATE='2026-03-04T05:06:07+0100' GIT_COMMITTER_DATE='2026-03-04T05:06:07+0100'
unset GOFLAGS GIT_DIR GIT_WORK_TREE

# stamp COMPILER ARGUMENTS...: the lines of the build's information that version control has part in, or its complaint.
stamp() {
  local compiler=$1
  shift
  GOTOOLCHAIN=local CGO_ENABLED=0 timeout 300 "$compiler" build "${@:1:$#-1}" -o "$TEST_TMP/prog" "${!#}" 2>&1 </dev/null || echo "status $?"
  if [[ -x $TEST_TMP/prog ]]; then "$TEST_TMP/prog" | grep -E '^mod|^dep|vcs'; fi
  rm -f "$TEST_TMP/prog"
}
# stamped WHAT EXPECTED ARGUMENTS...
stamped() {
  local what=$1 expected=$2
  shift 2
  stamp "$BURROW" "$@" >"$TEST_TMP/out"
  printf '%s' "$expected" >"$TEST_TMP/expected"
  check "$what" diff "$TEST_TMP/expected" "$TEST_TMP/out" >"$TEST_TMP/err"
  if [[ -z $GO ]]; then
    skipped=$((skipped + 1))
    return
  fi
  stamp "$GO" "$@" >"$TEST_TMP/gc.out"
  check "$what: as gc" diff "$TEST_TMP/gc.out" "$TEST_TMP/out" >"$TEST_TMP/err"
}
commit() { git add -A && git commit -q -m "$1"; }
# lines REVISION MODIFIED
lines() { printf 'build\tvcs=git\nbuild\tvcs.revision=%s\nbuild\tvcs.time=2026-03-04T04:06:07Z\nbuild\tvcs.modified=%s\n' "$1" "$2"; }
# expect VERSION MODIFIED: the module and the current commit.
expect() { printf 'mod\t%s\t%s\t\n%s\n' "$module" "$1" "$(lines "$(git rev-parse HEAD)" "$2")"; }
short() { git rev-parse --short=12 HEAD; }

mkdir -p "$TEST_TMP/repo/cmd/prog" && cd "$TEST_TMP/repo" || exit 1
module=example.test/m
printf 'module %s\n\ngo 1.27\n' $module >go.mod
cat >cmd/prog/main.go <<'EOF'
package main

import (
	"fmt"
	"runtime/debug"
)

func main() {
	info, _ := debug.ReadBuildInfo()
	fmt.Print(info)
}
EOF
cat >cmd/prog/main_test.go <<'EOF'
package main

import "testing"

func TestMain(m *testing.M) { main() }
EOF
plain=$(printf 'mod\t%s\t(devel)\t\n_' $module) plain=${plain%_}
time=20260304040607

stamped "no repository" "$plain" ./cmd/prog
stamped "no repository, -buildvcs" "$plain" -buildvcs ./cmd/prog
git init -q .
stamped "no commit" "$plain"$'build\tvcs=git\nbuild\tvcs.modified=true\n' ./cmd/prog
commit one
stamped "a commit" "$(expect "v0.0.0-$time-$(short)" false)"$'\n' ./cmd/prog
stamped "from a folder" "$(expect "v0.0.0-$time-$(short)" false)"$'\n' -C cmd/prog .
stamped "-buildvcs=false" "$plain" -buildvcs=false ./cmd/prog
stamped "-buildvcs=0" "$plain" -buildvcs=0 ./cmd/prog
stamped "files" "" cmd/prog/main.go
touch new
stamped "another file" "$(expect "v0.0.0-$time-$(short)+dirty" true)"$'\n' ./cmd/prog
commit two
git tag v1.2.3 && git tag v1.2.2 && git tag v2.0.0 && git tag v1.2 && git tag other/v1.9.0
stamped "a tag" "$(expect v1.2.3 false)"$'\n' ./cmd/prog
echo changed >new
stamped "a tag, changed" "$(expect v1.2.3+dirty true)"$'\n' ./cmd/prog
commit three
stamped "after a tag" "$(expect "v1.2.4-0.$time-$(short)" false)"$'\n' ./cmd/prog
git tag -a -m annotated v1.3.0-rc.1
stamped "an annotated tag" "$(expect v1.3.0-rc.1 false)"$'\n' ./cmd/prog
echo again >new
commit four
stamped "after a pre-release" "$(expect "v1.3.0-rc.1.0.$time-$(short)" false)"$'\n' ./cmd/prog
module=example.test/m/v2
sed -i 's|^module.*|module example.test/m/v2|' go.mod
commit five
stamped "another major version" "$(expect "v2.0.1-0.$time-$(short)" false)"$'\n' ./cmd/prog
printf 'go 1.27\n\nuse .\n' >go.work
commit six
stamped "go.work" "$(expect "v2.0.1-0.$time-$(short)" false)"$'\n' ./cmd/prog
git worktree add -q ../tree
cd ../tree || exit 1
stamped "a worktree" "$(expect "v2.0.1-0.$time-$(short)" false)"$'\n' ./cmd/prog

# --- modules in folders
mkdir -p deep/nested && cp -r cmd deep/nested/ && rm go.work
module=example.test/m/deep/nested
printf 'module %s\n\ngo 1.27\n' $module >deep/nested/go.mod
commit nested
cd deep/nested || exit 1
stamped "a module in a folder" "$(expect "v0.0.0-$time-$(short)" false)"$'\n' ./cmd/prog
git tag deep/nested/v0.4.0
stamped "its tag" "$(expect v0.4.0 false)"$'\n' ./cmd/prog
mkdir -p v3 && mv cmd go.mod v3/ && cd v3 && module=example.test/m/deep/nested/v3
printf 'module %s\n\ngo 1.27\n' $module >go.mod
commit major
git tag deep/nested/v3.1.0
stamped "a major version's folder" "$(expect v3.1.0 false)"$'\n' ./cmd/prog
module=example.test/nested/v3
printf 'module %s\n\ngo 1.27\n' $module >go.mod
commit other
stamped "a module of another path" "$(expect "(devel)" false)"$'\n' ./cmd/prog
rm "$TEST_TMP/tree/go.mod" && commit root
stamped "no module in the root" "$(expect "(devel)" false)"$'\n' ./cmd/prog

# --- more than one repository
mkdir -p "$TEST_TMP/repo/inner" && cd "$TEST_TMP/repo/inner" && git init -q .
module=example.test/m/v2 plain=$(printf 'mod\t%s\t(devel)\t\n_' $module) plain=${plain%_}
stamped "the module in another repository" "$plain" example.test/m/v2/cmd/prog

# --- commands
cd "$TEST_TMP/repo" && rm -rf inner
burrow() { timeout 300 "$BURROW" "$@" >"$TEST_TMP/out" 2>"$TEST_TMP/err" </dev/null; }
has() { grep -qE -- "$1" "$TEST_TMP/out"; }
lacks() { ! has "$1"; }
burrow run ./cmd/prog
check "run" lacks vcs
burrow run -buildvcs ./cmd/prog
check "run -buildvcs" has '^build	vcs=git$'
burrow test ./cmd/prog
check "test" lacks vcs
GOBIN=$TEST_TMP/bin burrow install ./cmd/prog
"$TEST_TMP/bin/prog" >"$TEST_TMP/out"
check "install" has '^build	vcs=git$'
mkdir -p "$TEST_TMP/bad" && printf '#!/bin/sh\necho no >&2\nexit 128\n' >"$TEST_TMP/bad/git" && chmod +x "$TEST_TMP/bad/git"
PATH=$TEST_TMP/bad:$PATH burrow build -buildvcs=true -o "$TEST_TMP/prog" ./cmd/prog
check "git fails, -buildvcs=true" diff <(printf 'error obtaining VCS status: exit status 128\n\tUse -buildvcs=false to disable VCS stamping.\n') "$TEST_TMP/err"
check "git fails: no executable" [ ! -e "$TEST_TMP/prog" ]
PATH=$TEST_TMP/bad:$PATH burrow build -o "$TEST_TMP/prog" ./cmd/prog
"$TEST_TMP/prog" >"$TEST_TMP/out"
check "git fails, as it comes: no stamp" lacks vcs
mkdir "$TEST_TMP/none"
PATH=$TEST_TMP/none "$BURROW" build -o "$TEST_TMP/prog" ./cmd/prog >"$TEST_TMP/out" 2>"$TEST_TMP/err" </dev/null
"$TEST_TMP/prog" >"$TEST_TMP/out"
check "no git: no stamp" lacks vcs
echo "counts: $passed $failed $skipped"
