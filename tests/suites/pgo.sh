#!/usr/bin/env bash
# -pgo: which profile a package is compiled by, what becomes of it, and what is said of a file that is none. The programs and profiles
# with which gc tests the same are the distribution's.
set -uo pipefail
# shellcheck source=tests/lib/check.sh
source "$BURROW_ROOT/tests/lib/check.sh"
cd "$TEST_TMP" || exit 1
unset GOFLAGS

has() { grep -qE -- "$2" "$TEST_TMP/$1"; }
hasNot() { ! has "$@"; }
run() { timeout 900 "$@" >"$TEST_TMP/out" 2>"$TEST_TMP/err" </dev/null; }
burrow() { run "$BURROW" "$@"; }
fails() { ! "$@"; }

# --- calls that a profile has seen become direct, and are inlined
theirs=$BURROW_GOROOT/src/cmd/compile/internal/test/testdata/pgo
mkdir -p devirt/mult.pkg hot
cp "$theirs"/devirtualize/{devirt.go,devirt_test.go,devirt.pprof,devirt.pprof.node_map} devirt/
cp "$theirs/devirtualize/mult.pkg/mult.go" devirt/mult.pkg/
printf 'module example.com/pgo/devirtualize\ngo 1.21\n' >devirt/go.mod
cp "$theirs"/inline/{inline_hot.go,inline_hot_test.go,inline_hot.pprof} hot/
printf 'module example.com/pgo/inline\ngo 1.19\n' >hot/go.mod
cd devirt || exit 1
for profile in devirt.pprof devirt.pprof.node_map; do
  check "$profile: builds" burrow test -c -o t.test -gcflags=-m -pgo=$profile .
  while IFS='|' read -r place callee; do
    check "$profile: $place" has err "^\./devirt.go:$place: PGO devirtualizing (interface|function) call .* to $callee$"
  done <<'LIST'
101:20|mult\.Mult\.Multiply
101:39|Add\.Add
173:36|AddFn
173:15|mult.pkg\.MultFn
207:35|AddFn
207:19|mult.pkg\.MultFn
249:15|mult.pkg\.MultClosure\.func1
LIST
  check "$profile: what was never called" hasNot err '(256:29|282:37): PGO'
  check "$profile: runs" run ./t.test
done
cd ../hot || exit 1
check "hot: builds" burrow test -c -o t.test -gcflags='-m -m -pgoprofile=inline_hot.pprof -d=pgoinlinebudget=160,pgoinlinecdfthreshold=90' .
check "hot: can be inlined" has err '^\./inline_hot\.go:53:6: can inline \(\*BS\)\.NS with cost 106 as'
check "hot: is inlined" has err '^\./inline_hot\.go:81:38: inlining call to \(\*BS\)\.NS$'
check "hot: too large" has err '^\./inline_hot\.go:74:6: cannot inline A: function too complex: cost 309 exceeds budget'
check "hot: cold" has err '^\./inline_hot_test\.go:17:6: cannot inline benchmarkB: function too complex'
check "hot: runs" run ./t.test
cd ..

# --- a profile of a program of ours, used for it
mkdir -p own/shape
cat >own/go.mod <<'END_'
module example.com/own

go 1.24
END_
cat >own/shape/shape.go <<'END_'
package shape

type Shape interface{ Area(n int) int }

type Square struct{ side int }

func NewSquare(side int) Shape { return &Square{side} }

//go:noinline
func (s *Square) hidden(n int) int { return n }

func (s *Square) Area(n int) int {
	sum := 0
	for i := range 100 {
		sum += (s.side*n + i) & 0xff
	}
	return sum
}

// A literal, which nobody can inline without a profile: the call is of a func value in a variable.
func Adder(n int) func(int) int {
	return func(x int) int {
		for range 100 {
			x = x*3 + n
		}
		return x
	}
}
END_
cat >own/main.go <<'END_'
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"example.com/own/shape"
)

type round struct{ r int }

func (r round) Area(n int) int {
	if n < 0 {
		panic("negative")
	}
	return r.r * n
}

//go:noinline
func total(s shape.Shape, f func(int) int, n int) int {
	sum := 0
	for i := range n {
		sum += s.Area(i)
		sum ^= f(i)
	}
	return sum
}

// The line of a panic in what was made direct is that of the method.
func where(s shape.Shape) (text string) {
	defer func() {
		text = fmt.Sprint(recover())
		pc := make([]uintptr, 20)
		frames := runtime.CallersFrames(pc[:runtime.Callers(0, pc)])
		for {
			frame, more := frames.Next()
			if strings.HasPrefix(frame.Function, "main.") {
				text += fmt.Sprintf(" %s:%d", frame.Function, frame.Line)
			}
			if !more {
				return
			}
		}
	}()
	total(s, func(x int) int { return x }, 1)
	s.Area(-1)
	return
}

func main() {
	square, add := shape.NewSquare(3), shape.Adder(5)
	if path := os.Getenv("PROFILE"); path != "" {
		file, err := os.Create(path)
		if err != nil {
			panic(err)
		}
		pprof.StartCPUProfile(file)
		for start := time.Now(); time.Since(start) < time.Second; {
			total(square, add, 10000)
		}
		pprof.StopCPUProfile()
		file.Close()
	}
	fmt.Println(total(square, add, 1000), total(round{2}, add, 1000), total(round{2}, func(x int) int { return -x }, 1000))
	fmt.Println(where(round{1}), where(nil) != "")
	var none func(int) int
	func() {
		defer func() { fmt.Println(recover()) }()
		total(square, none, 1)
	}()
}
END_
cd own || exit 1
check "own: builds" burrow build -o plain .
check "own: runs" run env PROFILE="$PWD/cpu.pprof" ./plain
run ./plain
cp "$TEST_TMP/out" expected
check "own: builds by the profile" burrow build -gcflags=-m -pgo=cpu.pprof -o directed .
check "own: the method is tried" has err 'PGO devirtualizing interface call s\.Area to \*shape\.Square\.Area$'
check "own: the literal is tried" has err 'PGO devirtualizing function call f to shape\.Adder\.func1$'
check "own: and inlined" has err 'inlining call to shape\.Adder\.func1$'
check "own: does the same" run ./directed
check "own: prints the same" cmp -s expected "$TEST_TMP/out"
burrow version -m directed
check "own: version -m" has out "^	build	-pgo=$PWD/cpu\.pprof$"
check "own: not by a profile" burrow build -gcflags=-m -o plain2 .
check "own: then nothing is tried" hasNot err PGO
# What the profile does not speak of is in the cache.
check "own: -x" burrow build -x -pgo=cpu.pprof -tags=another -o directed .
check "own: the library is not compiled again" hasNot err '^burrow compile -p (fmt|os|strings) '
sed -i 's/x\*3 + n/x*3 - n/' shape/shape.go
check "own: after an edit" burrow build -pgo=cpu.pprof -o directed . && burrow build -pgo=off -o plain2 .
run ./plain2 && cp "$TEST_TMP/out" expected2
run ./directed
check "own: does what is edited" cmp -s expected2 "$TEST_TMP/out"
check "own: that is something else" fails cmp -s expected expected2
check "own: -N decides" burrow build -gcflags=all=-N -pgo=cpu.pprof -o directed .
run ./directed
check "own: at -N" cmp -s expected2 "$TEST_TMP/out"

# --- default.pgo
cp cpu.pprof default.pgo
check "auto: builds" burrow build -x -o auto .
check "auto: -x" has err "^burrow preprofile -i $PWD/default\.pgo # internal$"
burrow version -m auto
check "auto: version -m" has out "^	build	-pgo=$PWD/default\.pgo$"
check "auto: trimmed" burrow build -trimpath -o auto .
burrow version -m auto
check "auto: trimmed in version -m" has out "^	build	-pgo=default\.pgo$"
check "auto: off" burrow build -pgo=off -o auto .
burrow version -m auto
check "auto: off in version -m" hasNot out pgo
cd ..
mkdir -p several/{a,b,plain,dep,deep}
printf 'module m\ngo 1.24\n' >several/go.mod
printf 'package deep\n\nfunc F() int { return 1 }\n' >several/deep/deep.go
printf 'package dep\n\nimport "m/deep"\n\nfunc F() int { return deep.F() }\n' >several/dep/dep.go
for program in a b plain; do
  printf 'package main\n\nimport "m/dep"\n\nfunc main() { println("%s", dep.F()) }\n' $program >several/$program/main.go
  printf 'package main\n\nimport "testing"\n\nfunc TestMain2(t *testing.T) { main() }\n' >several/$program/main_test.go
done
printf 'GO PREPROFILE V1\nm/dep.F\nm/deep.F\n0 5\n' | tee several/a/default.pgo >several/b/default.pgo
sed -i 's/ 5$/ 7/' several/b/default.pgo
cd several || exit 1
check "several: builds" burrow build -x -o bin/ ./a ./b ./plain
check "several: a copy for each profile" [ "$(grep -c '^burrow compile -p m/dep ' "$TEST_TMP/err")" = 3 ]
for program in a b plain; do
  run bin/$program
  check "several: $program" has err "^$program 1$"
  burrow version -m bin/$program
  [[ $program == plain ]] || check "several: version -m of $program" has out "^	build	-pgo=$PWD/$program/default\.pgo$"
done
check "several: version -m without" hasNot out pgo
check "several: list" burrow list -deps ./a ./b ./plain
for package in 'm/dep \[m/a\]' 'm/dep \[m/b\]' 'm/dep' 'm/deep \[m/a\]'; do
  check "several: list has $package" has out "^$package$"
done
check "several: one alone" burrow list -deps ./a
check "several: one alone has no copies" hasNot out '\['
check "several: tests" burrow test ./a ./b ./plain
check "several: all pass" [ "$(grep -c '^ok ' "$TEST_TMP/out")" = 3 ]
cd ..

# --- files that are none
mkdir bad
printf 'module bad\n' >bad/go.mod
printf 'package main\n\nfunc main() {}\n' >bad/main.go
cd bad || exit 1
echo garbage >garbage
head -c 100 "$theirs/inline/inline_hot.pprof" >short
: >empty
refuses() {
  check "$1 is refused" fails burrow build -pgo="$1" -o o .
  check "$1: what is said" has err "^# $PWD/$1$"
  check "$1: what is said then" has err "^preprofile: $2$"
  check "$1: nothing is left" [ ! -e o ]
}
refuses garbage 'error parsing profile: error parsing profile: parsing profile: unknown wire type: 7'
refuses short 'error parsing profile: error parsing profile: decompressing profile: unexpected EOF'
refuses absent "error opening profile: open $PWD/absent: no such file or directory"
check "a budget that is no number" fails burrow build -gcflags=-d=pgoinlinebudget=x -o o .
check "a budget that is no number: what is said" has err '^invalid debug value "x" for pgoinlinebudget$'
check "a threshold beyond everything" fails burrow build -gcflags=-d=pgoinlinecdfthreshold=101 -o o .
check "a threshold beyond everything: what is said" has err '^invalid PGOInlineCDFThreshold, must be between 0 and 100$'
check "an empty one is none" burrow build -pgo=empty -o o .
check "a test refuses, too" fails burrow test -pgo=garbage .
check "list does not read it" burrow list -pgo=garbage .
echo "counts: $passed $failed $skipped"
