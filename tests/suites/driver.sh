#!/usr/bin/env bash
# The burrow command: its flags, what it prints, what it writes and what it leaves alone.
set -uo pipefail
# shellcheck source=tests/lib/check.sh
source "$BURROW_ROOT/tests/lib/check.sh"
cd "$TEST_TMP" || exit 1
export TMPDIR=$TEST_TMP/temp BURROW_CACHE=$TEST_TMP/cache
mkdir "$TMPDIR"

# burrow ARGUMENTS: runs it, leaves standard output in `out`, standard error in `err`, the exit status in $status.
burrow() {
  status=0
  timeout 300 "$BURROW" "$@" >out 2>err </dev/null || status=$?
}
succeeded() { [[ $status -eq 0 ]]; }
prints() { [[ $status -eq 0 && $(cat out err) == "$1" ]]; }
has() { grep -qE -- "$2" "$1"; }
lacks() { ! grep -qE -- "$2" "$1"; }
empty() { [[ -z $(ls -A "$1") ]]; }
isExecutable() { [[ -f $1 && -x $1 ]]; }

write() {
  mkdir -p "$(dirname "$1")"
  cat >"$1"
}
write hello.go <<<'package main

var greeting = "hello"

func main() { println(greeting) }'
write exits.go <<'END'
package main

func main() { panic("on purpose") }
END
write m/go.mod <<<'module burrow.example/m'
write m/lib/lib.go <<<'package lib

func Answer() int { return 42 }'
write m/cmd/one/main.go <<<'package main

import "burrow.example/m/lib"

func main() { println(lib.Answer()) }'
write m/cmd/two/v2/main.go <<<'package main

func main() { println("two") }'
write m/cmd/one/main_windows.go <<<'package main

func onlyThere() { undefined() }'
write m/cmd/one/tagged.go <<<'//go:build special

package main

func init() { println("special") }'
write m/cmd/one/main_test.go <<<'package main

func testing() { undefined() }'

# --- run and build
burrow run hello.go
check "run" prints hello
check "run leaves nothing" empty "$TMPDIR"
check "run leaves no executable" [ ! -e hello ]
burrow run exits.go
check "run tells the exit status" [ "$status" -eq 1 ]
check "run tells the exit status in words" has err '^exit status 2$'
burrow build hello.go
check "build of a file names the executable after it" isExecutable hello
burrow build -o there/too/x hello.go
check "build makes the folders on the way" isExecutable there/too/x
burrow build -o hello.go/x hello.go
check "a file is no folder" [ "$status" -ne 0 ]
check "and says so" has err '^mkdir hello.go/: '
burrow build -o notthere/x broken.go
check "no folder for what does not build" [ ! -e notthere ]
mkdir bin
burrow build -o bin hello.go
check "build -o folder" isExecutable bin/hello
burrow build -o=bin/y hello.go
check "-o=value" isExecutable bin/y
burrow build --o bin/z hello.go
check "two dashes" isExecutable bin/z
cd m || exit 1
burrow build ./cmd/one
check "build of a package" isExecutable one
check "its program runs" [ "$(./one 2>&1)" = 42 ]
burrow build ./cmd/two/v2
check "a version is no name" isExecutable two
burrow build ./lib
check "a package that is no command is checked" succeeded
check "and leaves nothing" [ ! -e lib.a ]
burrow build ./...
check "all packages below" succeeded
mkdir bin
burrow build -o bin/ ./...
check "all commands into a folder" isExecutable bin/one
burrow run -tags special ./cmd/one
check "-tags" prints "$(printf 'special\n42')"
GOFLAGS=-tags=special burrow list -tags= -f '{{.GoFiles}}' ./cmd/one
taken=$(cat out)
burrow list -f '{{.GoFiles}}' ./cmd/one
check "-tags= takes GOFLAGS' back" prints "$taken"
burrow run burrow.example/m/cmd/one
check "run by import path" prints 42
cd ..
burrow build -C m -o ../fromC ./cmd/one
check "-C" isExecutable fromC

# --- what is said on the way
burrow build -v -a -o x hello.go
check "-v names packages" has err '^command-line-arguments$'
check "-a compiles the runtime again" has err '^runtime$'
burrow build -v -o x hello.go
check "nothing is compiled twice" lacks err .
burrow build -x -a -o x hello.go
check "-x prints the commands" has err '^burrow compile -p main'
# shellcheck disable=SC2016
check "-x prints lld's" has err '^ld\.lld .*\$WORK'
burrow build -n -a -o notmade hello.go
check "-n prints the commands" has err '^burrow compile -p main'
check "-n makes nothing" [ ! -e notmade ]
burrow build -work -o x hello.go
work=$(sed -n 's/^WORK=//p' err)
check "-work keeps the folder" [ -f "$work/link.ld" ]
mkdir own
GOTMPDIR=own burrow build -work -o x hello.go
check "GOTMPDIR" grep -q "^WORK=$PWD/own/" err
GOTMPDIR=missing burrow build -o x hello.go
check "GOTMPDIR: what is not there" grep -qx 'burrow: creating work dir: stat missing: no such file or directory' err
rm -rf "$work"
check "nothing else is left" empty "$TMPDIR"

# --- the phases, each by itself
while read -r phase pattern; do
  burrow build -dump="$phase" hello.go
  check "-dump=$phase" has out "$pattern"
done <<'END'
tokens ^5:1 .*func
ast FuncDecl 5:6
types func main\(\)
ir ^func "main.main"
ir-cleanup ^func "main.main"
llvm define .*@main\.main
llvm-opt define .*@main\.main
asm ^main\.main:
END
burrow build -S hello.go
check "-S" has out '^main\.main:'

# --- exit statuses: 2, behind the usage, for a line that makes no sense; 1 for what cannot be had or is wrong. As gc's.
write exits/go.mod <<<$'module ex.com/x\n\ngo 1.22'
write exits/bad/bad.go <<<$'package main\n\nfunc main() { x := 1 }'
write exits/ok/ok.go <<<$'package main\n\nfunc main() {}'
write exits/lib/lib.go <<<$'package lib'
write exits/failing/f_test.go <<<$'package failing\n\nimport "testing"\n\nfunc TestF(t *testing.T) { t.Fatal("no") }'
cd exits || exit 1
while read -r wanted words; do
  # shellcheck disable=SC2086
  burrow $words
  check "exit status of burrow $words" [ "$status" -eq "$wanted" ]
done <<'END'
2
2 -h
2 --help
0 help
2 help nosuch
2 nosuch
2 build -nosuch
2 build -h
2 build -o
2 build -p x ./ok
1 build -p 0 ./ok
2 build -trimpath=maybe ./ok
2 build -compiler=nonsense ./ok
2 build -buildvcs=x ./ok
2 build -covermode=x ./ok
2 build -gcflags=all ./ok
1 build -gcflags=-nosuch -o o ./ok
1 build -buildmode=c-shared -o o ./ok
1 build -buildmode=nonsense -o o ./ok
1 build -mod=nonsense ./ok
1 build -pgo=nofile -o o ./ok
1 build -C /nowhere ./ok
1 build ./absent
1 build nosuchpackage
1 build ./bad
1 build -o o ./ok ./lib
1 build -o lib/ ./lib
2 build -race -o o ./ok
1 build -linkshared -o o ./ok
1 run
2 run -nosuch ./ok
1 run ./lib
1 run ./bad
1 test ./bad
1 test ./failing
2 test -h
2 test -count=x ./failing
2 test -shuffle=x ./failing
2 test -timeout=x ./failing
1 test -timeout=-1s ./failing
2 test -vet=nonsense ./failing
2 test -covermode=x ./failing
1 test -o o ./ok ./lib
1 test -cpuprofile=o ./ok ./lib
2 list -nosuch
1 list ./absent
1 list -json -f x ./ok
1 list -deps -find ./ok
1 list -m -test
2 clean -nosuch
1 clean -cache ./ok
2 env -nosuch
2 version -nosuch
1 version nofile
END
cd ..

# --- build modes (suite pie has more)
for mode in archive c-archive c-shared shared plugin; do
  burrow build -buildmode=$mode -o notmade hello.go
  check "-buildmode=$mode is refused" has err "^-buildmode=$mode not supported on linux/amd64\$"
done
burrow build -buildmode=nonsense -o notmade hello.go
check "-buildmode=nonsense too" has err '^buildmode=nonsense not supported$'
check "and nothing is made" [ ! -e notmade ]
burrow run -buildmode=pie hello.go
check "-buildmode=pie runs" prints hello

# --- flags of compiler and linker
burrow run -ldflags "-X main.greeting=bye" hello.go
check "-X" prints bye
burrow run -ldflags "-X 'main.greeting=good bye'" hello.go
check "-X with a quoted text" prints "good bye"
burrow run hello.go
check "-X is forgotten" prints hello
burrow run -ldflags="command-line-arguments=-X main.greeting=pattern" hello.go
check "-X behind a pattern" prints pattern
burrow run -ldflags="example.com/other=-X main.greeting=pattern" hello.go
check "-X behind another's pattern" prints hello
burrow run -ldflags="-s=false -w=false -X=main.greeting=ok" hello.go
check "-s=false" prints ok
write methods.go <<'END'
package main

type animal interface{ Sound() string }
type cat struct{}

func (cat) Sound() string { return "miaow" }
func (cat) Sleep() string { return "" }

type dog struct{}

func (dog) Sound() string { return "wow" }

var sleepy any = cat{}

func main() {
	if sleepy != nil {
		println(sleepy.(animal).Sound())
	}
	if d := new(dog); d == nil {
		println(d.Sound())
	}
}
END
burrow build -o methods methods.go
check "methods in use stay, others go" test "$(nm methods | grep -oE 'main\.(\(\*?)?(cat|dog)\)?\.[A-Z].*' | tr '\n' ' ')" == "main.(*cat).Sound main.cat.Sound "
burrow run -ldflags=-dumpdep methods.go
check "-dumpdep says why something is there" has out '^main\.main -> type:main\.animal <UsedInIface>$'
for way in true false; do
  burrow build -ldflags=-compressdwarf=$way -o "compressed-$way" hello.go
  readelf -SW "compressed-$way" | sed 's/^ *\[ *[0-9]*\] //' >"sections-$way"
done
check "-compressdwarf" has sections-true '^\.debug_info .* C '
check "-compressdwarf=false" lacks sections-false '^\.debug_[a-z_]+ .* C '
burrow build -ldflags "-s -w" -o stripped hello.go
check "-s -w: runs" [ "$(./stripped 2>&1)" = hello ]
check "-s -w: is smaller" [ "$(stat -c %s stripped)" -lt "$(stat -c %s hello)" ]
burrow build -trimpath -o trimmed exits.go
./trimmed 2>err
check "-trimpath" lacks err "$TEST_TMP"
burrow run -gcflags=-N hello.go
check "-gcflags=-N" prints hello
burrow run -gcflags=all=-N hello.go
check "-gcflags=all=-N" prints hello
cat >beyond.go <<'END'
package main

//go:noinline
func third(s []int) int { return s[3] }

func main() {
	s := make([]int, 2, 4)
	s[:4][3] = 7
	println(third(s))
}
END
burrow run beyond.go
check "an index beyond the length" has err 'panic: runtime error: index out of range \[3\] with length 2'
burrow run -gcflags=-B beyond.go
check "-gcflags=-B: no checks" prints 7
burrow build -gcflags=-lang=go1.17 m/lib/lib.go
check "-gcflags=-lang" succeeded
for flags in -gcflags=-nosuchflag -ldflags=-nosuchflag; do
  burrow build $flags -o x2 hello.go
  check "$flags" has err 'flag provided but not defined: -nosuchflag'
  check "$flags makes nothing" [ ! -e x2 ]
done
burrow build -gcflags=pattern hello.go
check "a pattern without flags" [ "$status" -eq 2 ]

# --- errors of several files; calls of what is none
write order/go.mod <<<'module burrow.example/order'
write order/a.go <<<$'package p\n\nfunc f() { undefinedA() }'
write order/b.go <<<$'package p\n\ntype t struct{ x undefinedB }\n\nvar n = 1\n\nfunc g() { n(undefinedC) }'
burrow build -C order .
check "files in the order of their first error" [ "$(grep -oE '^\./[a-z]+[.]go:[0-9]+:[0-9]+' err | tr '\n' ' ')" = "./b.go:3:18 ./b.go:7:12 ./a.go:3:12 " ]

# --- the result
burrow build -C m -o /dev/null ./...
check "-o /dev/null with several packages" succeeded
mkdir nowhere
(cd nowhere && "$BURROW" build -o /dev/null ../hello.go)
check "-o /dev/null writes nothing" empty nowhere
echo text >notobject
burrow build -o notobject hello.go
check "a text is not overwritten" has err '^burrow: build output "notobject" already exists and is not an object file$'
check "and is still there" [ "$(cat notobject)" = text ]
: >notobject
burrow build -o notobject hello.go
check "an empty file is" isExecutable notobject
mkdir notobject.d
mkdir notobject.d/hello
burrow build -o notobject.d hello.go
check "nor a folder" has err '^burrow: build output "notobject.d/hello" already exists and is a directory$'
burrow build -o a hello.go
burrow build -a -o b hello.go
check "the same source gives the same bytes" cmp -s a b
readelf -SW a >out
for section in .text .rodata .go.type .go.itab .gopclntab .data .noptrdata .bss .noptrbss .note.gnu.build-id; do
  check "section $section" has out " ${section//./\\.} "
done
readelf -n a >out 2>err
check "build id" has out 'Build ID: [0-9a-f]{32}'
check "the build id says something" lacks out 'Build ID: 0{32}'
readelf -hW a >out
check "static executable" has out 'EXEC'
strip -o small a
check "hello, stripped: $(stat -c %s small) bytes, more than 200000 (what has grown: nm -S --size-sort a)" [ "$(stat -c %s small)" -lt 200000 ]
nm a >out
check "entry symbol" has out ' _rt0_amd64_linux$'

# --- the cache
find cache -type f -name '*-d' -exec sh -c 'printf damaged >"$1"' _ {} \;
burrow run hello.go
check "damaged objects in the cache are made again" prints hello
find cache -type f -name '*-d' -exec grep -lZ '^.ELF' {} + | xargs -0 -n 1 sh -c 'printf damaged >"$1"' _
burrow run hello.go
check "damaged objects of packages whose records are good are made again" prints hello
find cache -type f -name '*-r' -exec truncate -s 10 {} \;
burrow run hello.go
check "damaged records in the cache are made again" prints hello
HOME='' XDG_CACHE_HOME='' BURROW_CACHE=/dev/null/none burrow run hello.go
check "without a cache" prints hello
pids=()
rm -rf cache
for i in 1 2 3 4; do
  timeout 120 "$BURROW" build -o "p$i" hello.go 2>/dev/null &
  pids+=($!)
done
wait "${pids[@]}"
check "four builds at once" [ "$(for i in 1 2 3 4; do "./p$i"; done 2>&1 | sort -u)" = hello ]
rm -rf cache
for i in 1 2 3 4 5; do
  (timeout -s KILL "0.0$i" "$BURROW" build -o killed hello.go || true) 2>/dev/null
done
burrow run hello.go
check "after builds that were killed" prints hello
rm -rf "${TMPDIR:?}"/*
timeout -s TERM 0.05 "$BURROW" build -a -o killed hello.go 2>/dev/null
check "an interrupted build removes its folder" empty "$TMPDIR"

# --- default GODEBUG settings
write old/go.mod <<<'module burrow.example/old

go 1.20'
write old/main.go <<<'package main

func main() {
	defer func() { println(recover() == nil) }()
	panic(nil)
}'
cd old || exit 1
burrow run .
check "an old go line keeps what was" prints true
GODEBUG=panicnil=0 burrow run .
check "GODEBUG overrules it" prints false
burrow build -o old
burrow version -m old
check "the build information has the settings" has out $'^\tbuild\tDefaultGODEBUG=.*,panicnil=1,.*$'
printf 'godebug panicnil=0\n' >>go.mod
burrow run .
check "godebug in go.mod" prints false
sed -i '1i //go:debug panicnil=1' main.go
burrow run .
check "//go:debug" prints true
sed -i '1s/panicnil/nosuch/' main.go
burrow run .
check "//go:debug of a setting that is none" has err '^\./main\.go:1:1: invalid //go:debug: unknown //go:debug setting "nosuch"$'
sed -i 's/^godebug .*/godebug nosuch=1/' go.mod
burrow run .
check "the same in go.mod" has err '^go\.mod:4: unknown godebug "nosuch"$'
cd ..

# --- the other commands
burrow version
check "version" has out '^burrow version .* go1\.27'
burrow env GOROOT
check "env GOROOT" [ "$(cat out)" = "$BURROW_GOROOT" ]
burrow env -json GOOS GOARCH
check "env -json" [ "$(tr -d ' \t\n' <out)" = '{"GOARCH":"amd64","GOOS":"linux"}' ]
burrow env
check "env is for a shell" bash -n out
# Settings that stay, in a file of the test's own.
export XDG_CONFIG_HOME=$TEST_TMP/config
settings=$XDG_CONFIG_HOME/go/env
burrow env -w GOPRIVATE=example.com/own GOFLAGS=-v
check "env -w" [ "$status" -eq 0 -a ! -s err ]
check "env -w: the file" [ "$(cat "$settings")" = $'GOFLAGS=-v\nGOPRIVATE=example.com/own' ]
burrow env GOPRIVATE GONOPROXY
check "env -w: what it is for" [ "$(cat out)" = $'example.com/own\nexample.com/own' ]
burrow env -changed
check "env -changed" [ "$(grep -E 'GOFLAGS|GOPRIVATE|GOOS|GOPROXY' out)" = $'GOFLAGS=\'-v\'\nGOPRIVATE=\'example.com/own\'' ]
GOFLAGS=-x burrow env -w GOFLAGS=-n
check "env -w beside the environment" has err '^warning: burrow env -w GOFLAGS=\.\.\. does not override conflicting OS environment variable$'
if [[ -n ${GO:-} ]]; then
  check "env -w: gc reads it" [ "$(GOTOOLCHAIN=local "$GO" env GOFLAGS GOPRIVATE)" = $'-n\nexample.com/own' ]
fi
sed -i '1i# a remark' "$settings"
burrow env -u GOFLAGS
check "env -u" [ "$(cat "$settings")" = $'# a remark\nGOPRIVATE=example.com/own' ]
refused() {  # WANTED ARGUMENTS: refused with that message, and the file is as it was
  local wanted=$1
  shift
  burrow env "$@"
  check "env $*: refused" [ "$status" -ne 0 ]
  check "env $*: told why" grep -qF -- "$wanted" err
  check "env $*: no change" [ "$(cat "$settings")" = $'# a remark\nGOPRIVATE=example.com/own' ]
}
refused "no KEY=VALUE arguments given" -w
refused "arguments must be KEY=VALUE: invalid argument: GOFLAGS" -w GOFLAGS
refused "multiple values for key: GOPROXY" -w GOPROXY=a GOPROXY=b
refused "unknown go command variable NOSUCH" -w GOPROXY=off NOSUCH=1
refused "GOMOD cannot be modified" -w GOMOD=x
refused "GOENV can only be set using the OS environment" -w GOENV=x
refused 'GOPATH entry is relative; must be absolute path: "here"' -w GOPATH=here
refused "unknown flag -nosuch" -w GOFLAGS=-nosuch
refused "unsupported GOOS/GOARCH pair plan9/amd64" -w GOOS=plan9
refused "'go env -u' requires an argument" -u
refused "unknown go command variable NOSUCH" -u NOSUCH
refused "cannot use -json with -w" -json -w GOPROXY=off
refused "cannot use -u with -w" -u -w GOPROXY=off
GOENV=off burrow env -w GOPROXY=off
check "env -w without a file" has err 'cannot find go env config'
unset XDG_CONFIG_HOME
burrow help
check "help" has out '^	build '
burrow help build
check "help build" has out '-dump phase'
burrow
check "no command" [ "$status" -eq 2 ]
echo "counts: $passed $failed $skipped"
