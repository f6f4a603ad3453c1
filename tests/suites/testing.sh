#!/usr/bin/env bash
# `burrow test` on a small module: results, caching, coverage, -json, time limits, fuzz targets on their seeds, examples.
set -uo pipefail
# shellcheck source=tests/lib/check.sh
source "$BURROW_ROOT/tests/lib/check.sh"
cd "$TEST_TMP" || exit 1
export TMPDIR=$TEST_TMP/temp GOENV=off GOFLAGS='' GOWORK=''
mkdir "$TMPDIR"

# The output of both streams, with times as T.
burrow() {
  status=0
  timeout 500 "$BURROW" "$@" >"$TEST_TMP/raw" 2>&1 </dev/null || status=$?
  sed -E 's/\b[0-9]+\.[0-9]+s\b/T/g' "$TEST_TMP/raw" >"$TEST_TMP/out"
}
prints() { [[ $status -eq 0 && $(cat "$TEST_TMP/out") == "$1" ]]; }
has() { grep -qE -- "$1" "$TEST_TMP/out"; }
fails() { [[ $status -ne 0 ]] && has "$1"; }
write() {
  mkdir -p "$(dirname "$1")"
  cat >"$1"
}

write m/go.mod <<<$'module ex.com/m\n\ngo 1.27'
write m/m.go <<'END'
package m

import "ex.com/m/sub"

func F(x int) int {
	if x > 0 {
		return sub.G(x)
	} else if x < 0 {
		return -1
	}
	return 0
}
END
write m/sub/s.go <<'END'
package sub

func G(x int) int {
	for i := 0; i < 3; i++ {
		x++
	}
	if x > 100 {
		panic("no")
	}
	return x - 1
}
END
write m/m_test.go <<'END'
package m

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func TestF(t *testing.T) {
	if F(2) != 4 {
		t.Fatal()
	}
}

func TestFails(t *testing.T) {
	if os.Getenv("FAIL") != "" {
		t.Errorf("as you like")
	}
}

func TestSlow(t *testing.T) {
	if os.Getenv("SLOW") != "" {
		time.Sleep(time.Hour)
	}
}

func FuzzF(f *testing.F) {
	f.Add(5)
	f.Fuzz(func(t *testing.T, x int) {
		if F(x) == -1 && os.Getenv("FAIL") != "" {
			t.Fatal("seed", x)
		}
	})
}

func ExampleF() {
	fmt.Println(F(0)) // what it prints
	// Output: 0
}
END
cd m || exit 1
burrow test .
check "passes" prints $'ok  \tex.com/m\tT'
sleep 2 # what is younger than that is not trusted
burrow test .
burrow test .
check "cached" prints $'ok  \tex.com/m\t(cached)'
write ../generic/go.mod <<<$'module ex.com/generic\n\ngo 1.27'
write ../generic/g_test.go <<<$'package g\n\nimport "testing"\n\nfunc TestG[T any](t *testing.T) {}'
burrow test -C ../generic .
check "a test with type parameters" fails 'g_test.go:5:1: wrong signature for TestG, test functions cannot have type parameters$'
GODEBUG=panicnil=1 burrow test .
check "another GODEBUG" prints $'ok  \tex.com/m\tT'
burrow test . -args x
burrow test . -args x
check "arguments of the test's own" prints $'ok  \tex.com/m\tT'
GOFLAGS=-count=1 burrow test .
check "GOFLAGS=-count=1" prints $'ok  \tex.com/m\tT'
GOFLAGS='-v -run=TestF$' burrow test .
check "GOFLAGS=-v" has '^--- PASS: TestF \(T\)$'
GOFLAGS='-v -run=TestF$' burrow test -v=false .
check "GOFLAGS and the command line" prints $'ok  \tex.com/m\tT'
FAIL=1 burrow test .
check "an environment variable that it read" fails '^    m_test.go:18: as you like$'
check "the failure's end" [ "$(tail -n 3 "$TEST_TMP/out")" = $'FAIL\nFAIL\tex.com/m\tT\nFAIL' ]
burrow test ./...
check "no test files" has $'^\\?   \tex.com/m/sub\t\\[no test files\\]$'
burrow test -v -run 'Example|Fuzz' .
check "-v: examples and seeds" has '^    --- PASS: FuzzF/seed#0 \(T\)$'
check "an example behind a comment" has '^--- PASS: ExampleF \(T\)$'
mkdir -p testdata/fuzz/FuzzF
printf 'go test fuzz v1\nint(-3)\n' >testdata/fuzz/FuzzF/minus
FAIL=1 burrow test -run Fuzz .
check "a seed in a file" fails '^    --- FAIL: FuzzF/minus \(T\)$'
rm -r testdata
SLOW=1 burrow test -timeout 1s .
check "-timeout" fails '^panic: test timed out after 1s$'
check "-timeout: the test that ran" has 'TestSlow \('
check "-timeout: its goroutine" has '^ex.com/m.TestSlow\('
burrow test -json -run TestF$ .
check "-json" has '"Action":"pass","Package":"ex.com/m","Test":"TestF","Elapsed":0'
mkdir ../broken
write ../broken/go.mod <<<$'module ex.com/broken\n\ngo 1.27'
write ../broken/a/a.go <<<$'package a\n\nfunc A() int { return x }'
write ../broken/a/a_test.go <<<$'package a\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}'
write ../broken/b/b.go <<<$'package b\n\nimport "ex.com/broken/a"\n\nfunc B() int { return a.A() }'
write ../broken/b/b_test.go <<<$'package b\n\nimport "testing"\n\nfunc TestB(t *testing.T) {}'
write ../broken/c/c.go <<<$'package c'
write ../broken/c/c_test.go <<<$'package c\n\nimport "testing"\n\nfunc TestC(t *testing.T) { y() }'
write "$TEST_TMP/events.py" <<'END'
import json, sys
for line in open(sys.argv[1]):
    event = json.loads(line)
    print(*[f"{key}={event[key]!r}" for key in ("ImportPath", "Action", "Package", "Output", "OutputType", "FailedBuild") if key in event])
END
# events COMPILER ARGUMENTS...: what its standard output says, without times; nothing else may be said.
events() {
  (cd ../broken && GOTOOLCHAIN=local CGO_ENABLED=0 timeout 500 "$@" >"$TEST_TMP/raw" 2>"$TEST_TMP/err" </dev/null; [[ ! -s $TEST_TMP/err ]] || echo "said: $(cat "$TEST_TMP/err")")
  python3 "$TEST_TMP/events.py" "$TEST_TMP/raw" | sort
}
events "$BURROW" test -json ./... >"$TEST_TMP/out"
check "test -json: a build that fails" [ "$(grep -c build-fail "$TEST_TMP/out")" = 2 ]
check "test -json: the build that is to blame" has "^Action='fail' Package='ex.com/broken/b' FailedBuild='ex.com/broken/a'$"
if [[ -n $GO ]]; then
  events "$GO" test -vet=off -json ./... >"$TEST_TMP/gc.out"
  check "test -json: gc has the same events" diff "$TEST_TMP/gc.out" "$TEST_TMP/out"
fi
events "$BURROW" build -json ./... >"$TEST_TMP/out"
printf '%s\n' "ImportPath='ex.com/broken/a' Action='build-fail'" "ImportPath='ex.com/broken/a' Action='build-output' Output='# ex.com/broken/a\\n'" \
  "ImportPath='ex.com/broken/a' Action='build-output' Output='a/a.go:3:23: undefined: x\\n'" >"$TEST_TMP/expected"
check "build -json" diff "$TEST_TMP/expected" "$TEST_TMP/out"
burrow test -race .
check "-race" fails 'race'
burrow test -race=false .
check "-race=false" has '^ok '
mkdir ../fuzz
write ../fuzz/go.mod <<<$'module ex.com/fuzz\n\ngo 1.27'
write ../fuzz/f_test.go <<'END'
package f

import "testing"

func FuzzBytes(f *testing.F) {
	f.Add("ab")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 2 {
			t.Fatal("longer")
		}
	})
}
END
burrow test -C ../fuzz -fuzz=Bytes -fuzztime=60s .
check "-fuzz" fails 'f_test.go:9: longer$'
check "-fuzz: what it found" has 'Failing input written to testdata/fuzz/FuzzBytes/'
burrow test -C ../fuzz .
check "-fuzz: the next run" fails '--- FAIL: FuzzBytes/'
burrow test -fuzz=F ./...
check "-fuzz with many" fails '^cannot use -fuzz flag with multiple packages$'
burrow test -fuzz=F strings
check "-fuzz of others" fails '^cannot use -fuzz flag on package outside the main module$'

# --- Coverage; what gc has for the same files
burrow test -cover .
check "-cover" prints $'ok  \tex.com/m\tT\tcoverage: 80.0% of statements'
burrow test -v -run TestF$ -covermode=atomic .
check "-covermode=atomic -v" prints $'=== RUN   TestF\n--- PASS: TestF (T)\nPASS\ncoverage: 40.0% of statements\nok  \tex.com/m\tT\tcoverage: 40.0% of statements'
burrow test -run TestF$ -covermode=count -coverprofile=c.out -coverpkg=./... ./...
check "-coverpkg" prints $'ok  \tex.com/m\tT\tcoverage: 60.0% of statements in ./...\n\tex.com/m/sub\t\tcoverage: 0.0% of statements'
cat >want <<'END'
mode: count
ex.com/m/m.go:6.2,6.11 1 1
ex.com/m/m.go:7.3,8.1 1 1
ex.com/m/m.go:8.9,8.18 1 0
ex.com/m/m.go:9.3,10.1 1 0
ex.com/m/m.go:11.2,11.10 1 0
ex.com/m/sub/s.go:4.2,4.25 1 1
ex.com/m/sub/s.go:5.3,6.1 1 3
ex.com/m/sub/s.go:7.2,7.13 1 1
ex.com/m/sub/s.go:8.3,8.14 1 0
ex.com/m/sub/s.go:10.2,10.14 1 1
ex.com/m/sub/s.go:4.2,4.25 1 0
ex.com/m/sub/s.go:5.3,6.1 1 0
ex.com/m/sub/s.go:7.2,7.13 1 0
ex.com/m/sub/s.go:8.3,8.14 1 0
ex.com/m/sub/s.go:10.2,10.14 1 0
END
cp c.out "$TEST_TMP/out"
check "-coverprofile" cmp -s c.out want
if [[ -n ${GO:-} ]]; then
  "$GO" tool cover -func=c.out >"$TEST_TMP/out" 2>&1
  check "go tool cover reads the profile" has '^ex.com/m/sub/s.go:3:[[:space:]]+G[[:space:]]+80.0%$'
else
  skipped=$((skipped + 1))
fi
burrow test -covermode=some .
check "-covermode: a wrong word" fails '^invalid value "some" for flag -covermode: valid modes are "set", "count", or "atomic"$'
if [[ -x ${BURROW_GOROOT:-}/bin/go ]]; then
  write "$TEST_TMP/path/go.mod" <<<$'module ex.com/path\n\ngo 1.27'
  write "$TEST_TMP/path/p_test.go" <<'END'
package path

import (
	"os"
	"strings"
	"testing"
)

func TestPath(t *testing.T) {
	first, _, _ := strings.Cut(os.Getenv("PATH"), ":")
	if _, err := os.Stat(first + "/go"); err != nil {
		t.Fatal(err)
	}
}
END
  burrow test -C "$TEST_TMP/path" .
  check "tests find the distribution's go" prints $'ok  \tex.com/path\tT'
else
  skipped=$((skipped + 1))
fi
# --- The program stays with -o and with the profiles that are read together with it
write keep/go.mod <<<$'module ex.com/keep\n\ngo 1.27'
write keep/k_test.go <<<$'package keep\n\nimport "testing"\n\nfunc TestK(t *testing.T) { println("ran") }'
burrow test -C keep -o kept
check "-o keeps the program, and runs it" [ "$status" -eq 0 -a -x keep/kept ]
check "-o: it ran" has '^ran$'
keep/kept >"$TEST_TMP/out" 2>&1
check "-o: what it keeps is the test" has '^ran$'
burrow test -C keep -cpuprofile=cpu .
check "-cpuprofile keeps the program" [ "$status" -eq 0 -a -x keep/keep.test -a -s keep/cpu ]

# --- Whole programs with counters: gc's files
write whole/go.mod <<<$'module ex.com/whole\n\ngo 1.27'
write whole/lib/lib.go <<'END'
package lib

type T struct{ n int }

func (t *T) Add(x int) int {
	if x < 0 {
		return t.n
	}
	t.n += x
	return t.n
}

func Wrap[E any](e E) []E {
	f := func() E { return e }
	return []E{f()}
}

func Unused() {
	for i := range 3 {
		println(i)
	}
}

var start = (&T{}).Add(4) // before the package's first init function
END
write whole/main.go <<'END'
package main

import (
	"fmt"
	"os"

	"ex.com/whole/lib"
)

var early = first()

func first() int { return 7 }

func init() { fmt.Println("init", early) }

func main() {
	t := &lib.T{}
	for i := range 300 {
		t.Add(i)
	}
	fmt.Println(t.Add(-1), lib.Wrap("x"))
	if len(os.Args) > 1 {
		os.Exit(3)
	}
}
END
cd whole || exit 1
files() { printf '%s\n' "$1"/covmeta.* "$1"/covcounters.* | wc -l; }
says() { [[ $(cat "$TEST_TMP/out") == $'init 7\n44850 [x]' ]]; }
for mode in set count atomic; do
  burrow build -covermode=$mode -o covered .
  mkdir "data.$mode"
  GOCOVERDIR=data.$mode ./covered >"$TEST_TMP/out" 2>&1
  check "-covermode=$mode: the program does its work" says
  GOCOVERDIR=data.$mode ./covered x >"$TEST_TMP/out" 2>&1
  check "-covermode=$mode: exit status" [ $? -eq 3 ]
  check "-covermode=$mode: a description, and counters of each run" [ "$(files data.$mode)" -eq 3 ]
  if [[ -z ${GO:-} ]]; then
    skipped=$((skipped + 2))
    continue
  fi
  CGO_ENABLED=0 "$GO" build -covermode=$mode -o covered.gc . >"$TEST_TMP/out" 2>&1 && mkdir "data.$mode.gc"
  GOCOVERDIR=data.$mode.gc ./covered.gc >"$TEST_TMP/out" 2>&1
  GOCOVERDIR=data.$mode.gc ./covered.gc x >"$TEST_TMP/out" 2>&1
  check "-covermode=$mode: gc's description" cmp data.$mode/covmeta.* data.$mode.gc/covmeta.*
  for at in data.$mode data.$mode.gc; do "$GO" tool covdata textfmt -i="$at" -o="$at.txt" >"$TEST_TMP/out" 2>&1; done
  check "-covermode=$mode: gc's counts" diff data.$mode.txt data.$mode.gc.txt
done
./covered >"$TEST_TMP/out" 2>&1
check "-cover: without GOCOVERDIR it says so" has '^warning: GOCOVERDIR not set, no coverage data emitted$'
burrow version -m covered
check "-cover: the program knows" has '-cover=true'
mkdir data.run data.lib data.all
GOCOVERDIR=data.run burrow run -cover .
check "run -cover" [ "$(files data.run)" -eq 2 ]
burrow build -coverpkg=./lib/...,ex.com/whole,nothing/... -o covered .
check "-coverpkg: a pattern for nothing" has '^warning: no packages being built depend on matches for pattern nothing/\.\.\.$'
GOCOVERDIR=data.lib ./covered >"$TEST_TMP/out" 2>&1
check "-coverpkg" cmp data.lib/covmeta.* data.run/covmeta.*
burrow build -coverpkg=all -o covered .
GOCOVERDIR=data.all ./covered >"$TEST_TMP/out" 2>&1
check "-coverpkg=all" says
check "-coverpkg=all: also what the writing is made of" grep -q internal/coverage/encodemeta data.all/covmeta.*
cd ..

# --- packages lowered once more, for tests of packages that have variants of them: they share source files
if [[ $TEST_ALL != 0 ]]; then
  export BURROW_CACHE=$TEST_TMP/again
  burrow test -run None archive/zip
  check "again: first" has '^ok .*archive/zip'
  burrow test -run None runtime runtime/debug runtime/pprof
  check "again: others" [ "$(grep -c '^ok ' "$TEST_TMP/out")" -eq 3 ]
fi

echo "counts: $passed $failed $skipped"
