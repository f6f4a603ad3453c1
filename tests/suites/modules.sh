#!/usr/bin/env bash
# Modules, embedded files, listing and testing: what the go command does with folders, a proxy and a cache. The proxy is a
# folder of this machine; the network is not used.
set -uo pipefail
# shellcheck source=tests/lib/check.sh
source "$BURROW_ROOT/tests/lib/check.sh"
cd "$TEST_TMP" || exit 1
export TMPDIR=$TEST_TMP/temp BURROW_CACHE=$TEST_TMP/cache GOMODCACHE=$TEST_TMP/modcache GOENV=off GOFLAGS='' GOWORK=''
export GOPROXY=file://$TEST_TMP/proxy
mkdir "$TMPDIR"

burrow() {
  status=0
  timeout 300 "$BURROW" "$@" >"$TEST_TMP/out" 2>"$TEST_TMP/err" </dev/null || status=$?
}
prints() { [[ $status -eq 0 && $(cat "$TEST_TMP/out" "$TEST_TMP/err") == "$1" ]]; }
has() { grep -qE -- "$2" "$TEST_TMP/$1"; }
fails() { [[ $status -ne 0 ]] && grep -qE -- "$1" "$TEST_TMP/err"; }
write() {
  mkdir -p "$(dirname "$1")"
  cat >"$1"
}

# publish PATH VERSION FOLDER: puts the folder into the proxy, and its sums into sums.txt.
publish() {
  python3 - "$@" <<'END'
import base64, hashlib, os, sys, zipfile
path, version, folder = sys.argv[1:4]
escaped = "".join("!" + c.lower() if c.isupper() else c for c in path)
at = f"proxy/{escaped}/@v"
os.makedirs(at, exist_ok=True)
mod = open(f"{folder}/go.mod", "rb").read()
open(f"{at}/{version}.mod", "wb").write(mod)
open(f"{at}/{version}.info", "w").write('{"Version":"%s","Time":"2024-01-02T03:04:05Z"}' % version)
files = {}
for base, _, names in os.walk(folder):
    for name in names:
        full = os.path.join(base, name)
        files[f"{path}@{version}/" + os.path.relpath(full, folder)] = open(full, "rb").read()
with zipfile.ZipFile(f"{at}/{version}.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for name in sorted(files):
        z.writestr(name, files[name])
def h1(files):
    text = "".join("%s  %s\n" % (hashlib.sha256(files[n]).hexdigest(), n) for n in sorted(files))
    return "h1:" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
with open("sums.txt", "a") as sums:
    sums.write(f"{path} {version} {h1(files)}\n{path} {version}/go.mod {h1({'go.mod': mod})}\n")
END
}
# badZip VERSION PYTHON: a zip of ex.com/bad whose entries the Python code adds to z.
badZip() {
  python3 - "$1" "$2" <<'END'
import sys, os, zipfile
version, code = sys.argv[1:3]
at = "proxy/ex.com/bad/@v"
os.makedirs(at, exist_ok=True)
open(f"{at}/{version}.mod", "w").write("module ex.com/bad\n")
with zipfile.ZipFile(f"{at}/{version}.zip", "w", zipfile.ZIP_DEFLATED) as z:
    top = f"ex.com/bad@{version}/"
    z.writestr(top + "go.mod", "module ex.com/bad\n")
    z.writestr(top + "bad.go", "package bad\n")
    exec(code)
END
}

# --- Modules from a proxy
write src/a1/go.mod <<<$'module ex.com/A\n\ngo 1.20\n\nrequire ex.com/b v1.1.0'
write src/a1/a.go <<<$'package a\n\nimport "ex.com/b"\n\nfunc Name() string { return "a1 " + b.Name() }'
write src/b1/go.mod <<<$'module ex.com/b\n\ngo 1.20'
write src/b1/b.go <<<$'package b\n\nfunc Name() string { return "b1.0" }'
write src/b2/go.mod <<<$'module ex.com/b\n\ngo 1.20'
write src/b2/b.go <<<$'package b\n\nfunc Name() string { return "b1.1" }'
publish ex.com/A v1.0.0 src/a1
publish ex.com/b v1.0.0 src/b1
publish ex.com/b v1.1.0 src/b2
write m/go.mod <<<$'module ex.com/m\n\ngo 1.22\n\nrequire (\n\tex.com/A v1.0.0\n\tex.com/b v1.1.0 // indirect\n)'
write m/main.go <<<$'package main\n\nimport a "ex.com/A"\n\nfunc main() { println(a.Name()) }'
cd m || exit 1
burrow run .
check "a module without go.sum" fails 'missing go.sum entry for module providing package ex.com/A \(imported by ex.com/m\); to add:'
cp ../sums.txt go.sum
burrow run .
check "modules from a proxy" prints $'go: downloading ex.com/A v1.0.0\ngo: downloading ex.com/b v1.1.0\na1 b1.1'
check "the cache has Go's layout" [ -f "$GOMODCACHE/ex.com/!a@v1.0.0/a.go" ]
check "the cache is write-protected" [ ! -w "$GOMODCACHE/ex.com/!a@v1.0.0/a.go" -o "$EUID" -eq 0 ]
GOPROXY=off burrow run .
check "what is in the cache needs no proxy" prints 'a1 b1.1'
burrow list -m all
check "list -m" prints $'ex.com/m\nex.com/A v1.0.0\nex.com/b v1.1.0'
burrow list -m -f '{{.Path}} {{.GoVersion}} {{if .Main}}main{{else}}{{.Version}}{{end}}' all
check "list -m -f" prints $'ex.com/m 1.22 main\nex.com/A 1.20 v1.0.0\nex.com/b 1.20 v1.1.0'
burrow build -o prog .
burrow version -m prog
check "build info: modules" has out $'dep\tex.com/A\tv1.0.0\th1:'
check "build info: settings" has out $'build\tGOOS=linux'
sed -i 's/^\(ex.com\/A v1.0.0 h1:\)..../\1AAAA/' go.sum
burrow run .
check "a wrong sum" fails 'checksum mismatch'
cp ../sums.txt go.sum
write ../vendor.txt <<<$'# ex.com/A v1.0.0\n## explicit; go 1.20\nex.com/A\n# ex.com/b v1.1.0\n## explicit; go 1.20\nex.com/b'
mkdir -p vendor/ex.com && cp -r ../src/a1 vendor/ex.com/A && cp -r ../src/b1 vendor/ex.com/b && cp ../vendor.txt vendor/modules.txt
burrow run .
check "vendor" prints 'a1 b1.0'
burrow run -mod=readonly .
check "-mod=readonly" prints 'a1 b1.1'
sed -i 2d vendor/modules.txt
burrow run .
check "vendor that does not fit" fails 'is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt'
rm -r vendor
printf '\nreplace ex.com/b => ../src/b1\n' >>go.mod
burrow run .
check "replace" prints 'a1 b1.0'
cd .. || exit 1
write w/go.work <<<$'go 1.22\n\nuse (\n\t./x\n\t./y\n)'
write w/x/go.mod <<<$'module ex.com/x\n\ngo 1.22'
write w/x/main.go <<<$'package main\n\nimport "ex.com/y"\n\nfunc main() { println(y.Y) }'
write w/y/go.mod <<<$'module ex.com/y\n\ngo 1.22'
write w/y/y.go <<<$'package y\n\nconst Y = "from y"'
burrow run -C w/x .
check "go.work" prints 'from y'
write off/go.mod <<<$'module ex.com/off\n\ngo 1.22\n\nrequire ex.com/none v1.0.0'
write off/go.sum <<<$'ex.com/none v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nex.com/none v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
write off/main.go <<<$'package main\n\nimport _ "ex.com/none"\n\nfunc main() {}'
GOPROXY=off burrow run -C off .
check "GOPROXY=off" fails 'module lookup disabled by GOPROXY=off'
burrow run -C off .
check "a module that the proxy lacks" fails 'reading file://.*no such file or directory'

# --- Zips that mean harm
bad() {
  rm -rf badmod "$GOMODCACHE/ex.com/bad@$1" "$GOMODCACHE/cache/download/ex.com/bad"
  write badmod/go.mod <<<$'module ex.com/m\n\ngo 1.22\n\nrequire ex.com/bad '"$1"
  write badmod/main.go <<<$'package main\n\nimport _ "ex.com/bad"\n\nfunc main() {}'
  GOSUMDB=off burrow run -C badmod -mod=mod .
  check "zip: $2" fails "$2"
  check "zip: $2: leaves nothing" [ ! -e "$GOMODCACHE/ex.com/bad@$1" -a ! -e "$GOMODCACHE/ex.com/evil.go" ]
}
badZip v1.0.0 'z.writestr(top + "../evil.go", "package evil")'
bad v1.0.0 'not clean|malformed file path'
badZip v1.0.1 'z.writestr("other/evil.go", "package evil")'
bad v1.0.1 'path does not have prefix'
badZip v1.0.2 'z.writestr(top + "x.go", "package bad"); z.writestr(top + "X.go", "package bad")'
bad v1.0.2 'case-insensitive file name collision'
badZip v1.0.3 'i = zipfile.ZipInfo(top + "link.go"); i.create_system = 3; i.external_attr = 0o120777 << 16; z.writestr(i, "/etc/passwd")'
bad v1.0.3 'not a regular file'
badZip v1.0.4 'z.writestr(top + "big", bytes(501 << 20), compresslevel=1)'
bad v1.0.4 'too large'
badZip v1.0.5 'z.writestr(top + "sub/go.mod", "module x")'
bad v1.0.5 'go.mod file not in module root directory'

# --- Packages, listed
write l/go.mod <<<$'module ex.com/l\n\ngo 1.22'
write l/main.go <<<$'package main\n\nimport _ "ex.com/l/in"\n\nfunc main() {}'
write l/in/in.go <<<$'// Package in is inside. Really.\npackage in'
write l/in/in_test.go <<<$'package in\n\nimport "testing"\n\nfunc TestIn(t *testing.T) {}'
write l/in/in_windows.go <<<$'package in'
write l/testdata/t.go <<<$'package t'
cd l || exit 1
burrow list ./...
check "list" prints $'ex.com/l\nex.com/l/in'
burrow list -f '{{.Name}}: {{join .TestGoFiles " "}} {{join .IgnoredGoFiles " "}} {{.Doc}}' ./in
check "list -f" prints 'in: in_test.go in_windows.go Package in is inside.'
burrow list -f '{{.SFiles}} {{.Standard}} {{.ImportMap}} {{.Error}} {{.Module.Replace}} {{.Target}}.' ./in
check "list -f: what is empty" prints '[] false map[] <nil> <nil> .'
burrow list -f '{{.Nothing}}' ./in
check "list -f: what does not exist" fails "can't evaluate field Nothing"
burrow list -f '{{.Module.Path}}' fmt
check "list -f: of nil" fails 'nil pointer evaluating .Path'
burrow list -json ./in
check "list -json" has out '"ImportPath": "ex.com/l/in"'
burrow list -deps ./in
check "list -deps" prints 'ex.com/l/in'
burrow list ./nope
check "list of nothing" fails 'nope: directory not found'
cd .. || exit 1

# --- Embedded files
write e/go.mod <<<$'module ex.com/e\n\ngo 1.22'
write e/main.go <<'END'
package main

import _ "embed"

//go:embed hello.txt
var text string

//go:embed "hello.txt"
var bytes []byte

func main() {
	bytes[0] = 'J'
	print(text, string(bytes))
}
END
echo hello >e/hello.txt
burrow run -C e .
check "embed" prints $'hello\nJello'
echo changed >e/hello.txt
burrow run -C e .
check "embed: a changed file" prints $'changed\nJhanged'
rm e/hello.txt
burrow run -C e .
check "embed: nothing matches" fails '^main.go:5:12: pattern hello.txt: no matching files found'

# --- The build cache, killed
write k/go.mod <<<$'module ex.com/k\n\ngo 1.22'
for i in 1 2 3 4 5 6; do write "k/p$i/p.go" <<<$'package p\n\nfunc F() int { return '"$i"' }'; done
write k/main.go <<<$'package main\n\nimport (\n\ta "ex.com/k/p1"\n\tb "ex.com/k/p2"\n\tc "ex.com/k/p3"\n)\n\nfunc main() { println(a.F() + b.F() + c.F()) }'
kills=${KILLS:-50} # KILLS=200 ./test modules
for i in $(seq "$kills"); do
  [[ $((i % 10)) -ne 1 ]] || rm -rf "$BURROW_CACHE"
  (timeout -s KILL "0.$(printf %03d $((RANDOM % 400)))" "$BURROW" build -C k -o "$TEST_TMP/killed" . || true) >/dev/null 2>&1
done
burrow run -C k .
check "after $kills builds that were killed" prints 6

# --- Reproducible
cp -r k k2
burrow build -C k -trimpath -o ../r1 .
BURROW_CACHE=$TEST_TMP/other burrow build -C k2 -trimpath -o ../r2 .
check "-trimpath: the same bytes from two folders" cmp -s r1 r2

# --- Install
write tools/go.mod <<<$'module example.com/tools\n\ngo 1.27'
write tools/one/main.go <<<$'package main\n\nfunc main() { println("one") }'
write tools/two/v2/main.go <<<$'package main\n\nfunc main() { println("two") }'
write tools/lib/lib.go <<<$'package lib\n\nfunc F() {}'
GOBIN=$TEST_TMP/gobin burrow install -C tools ./...
check "install: into GOBIN" test "$status $(./gobin/one 2>&1) $(./gobin/two 2>&1) $(ls gobin | wc -l)" == "0 one two 2"
GOPATH=$TEST_TMP/gopath:/elsewhere burrow install -C tools ./one
check "install: into GOPATH" test -x gopath/bin/one
GOBIN=relative burrow install -C tools ./one
check "install: GOBIN must be absolute" fails 'GOBIN must be an absolute path'
burrow install -C tools -o x ./one
check "install: no -o" fails 'flag provided but not defined: -o'

# --- Names of files under -trimpath
write trim/go.mod <<<$'module ex.com/trim\n\ngo 1.24\n\nrequire ex.com/dep v1.2.3\n\nreplace ex.com/dep => ./dep'
write trim/dep/go.mod <<<$'module ex.com/dep\n\ngo 1.24'
write trim/dep/sub/s.go <<<$'package sub\n\nimport "runtime"\n\nfunc File() string { _, f, _, _ := runtime.Caller(0); return f }'
write trim/main.go <<<$'package main\n\nimport (\n\t"runtime"\n\n\t"ex.com/dep/sub"\n)\n\nfunc main() {\n\t_, f, _, _ := runtime.Caller(0)\n\tprintln(f, sub.File())\n}'
burrow run -C trim -trimpath .
check "-trimpath: a dependency has its version" prints 'ex.com/trim/main.go ex.com/dep@v1.2.3/sub/s.go'
burrow run -C trim -trimpath main.go
check "-trimpath: named files" prints './main.go ex.com/dep@v1.2.3/sub/s.go'

# --- Overlay
echo $'package p\n\nfunc F() int { return 100 }' >overlaid.go
echo "{\"Replace\": {\"p1/p.go\": \"$TEST_TMP/overlaid.go\"}}" >overlay.json
burrow run -C k -overlay "$TEST_TMP/overlay.json" .
check "-overlay" prints 105
write ov/go.mod <<<$'module ex.com/ov\n\ngo 1.24'
write ov/main.go <<'END'
package main

import (
	"embed"
	"fmt"

	"ex.com/renamed/added"
)

//go:embed a.txt
var text string

//go:embed *.txt more
var files embed.FS

func main() {
	fmt.Print(text, added.Text, " ")
	for _, d := range []string{".", "more"} {
		entries, _ := files.ReadDir(d)
		for _, e := range entries {
			fmt.Print(e.Name(), " ")
		}
	}
	fmt.Println()
}
END
write ov/a.txt <<<old
write ov/gone.txt <<<gone
write new/go.mod <<<$'module ex.com/renamed\n\ngo 1.24'
write new/added.go <<<$'package added\n\nconst Text = "added"'
write new/text <<<new
python3 - >overlay.json <<END
import json
new = "$TEST_TMP/new/"
print(json.dumps({"Replace": {"go.mod": new + "go.mod", "added/x.go": new + "added.go", "a.txt": new + "text", "gone.txt": "",
                              "more/b.txt": new + "text"}}))
END
burrow run -C ov -overlay "$TEST_TMP/overlay.json" .
check "-overlay: go.mod, a folder, embedded files" prints $'new\nadded a.txt more b.txt '
burrow list -C ov -overlay "$TEST_TMP/overlay.json" ./...
check "-overlay: a folder that a pattern finds" prints $'ex.com/renamed\nex.com/renamed/added'
echo other >new/text
burrow run -C ov -overlay "$TEST_TMP/overlay.json" .
check "-overlay: another embedded text" prints $'other\nadded a.txt more b.txt '
echo '{"Replace": {"a": "x", "a/b": "x"}}' >overlay.json
burrow build -C ov -overlay "$TEST_TMP/overlay.json" .
check "-overlay: a file with files below" fails "inconsistent files $TEST_TMP/ov/a and $TEST_TMP/ov/a/b in overlay map"


# --- install PATH@VERSION: modules of their own, whatever the folder's go.mod says
cd "$TEST_TMP" || exit 1
for n in 1.0.0 1.1.0 1.2.0-rc.1; do
  write src/tool$n/go.mod <<<$'module ex.com/tool\n\ngo 1.22\n\nrequire ex.com/b v1.0.0'
  write src/tool$n/cmd/hi/main.go <<<$'package main\n\nimport "ex.com/b"\n\nfunc main() { println("hi '$n$'", b.Name()) }'
  publish ex.com/tool v$n src/tool$n
done
printf 'v1.0.0\nv1.2.0-rc.1\nv1.1.0\n' >proxy/ex.com/tool/@v/list
export GOBIN=$TEST_TMP/versions GONOSUMDB=* GOFLAGS=''
installs() { [[ $status -eq 0 && $("$GOBIN/hi" 2>&1) == "$1" ]]; }
burrow install -C m ex.com/tool/cmd/hi@v1.0.0
check "install path@version" installs 'hi 1.0.0 b1.0'
burrow install ex.com/tool/cmd/hi@latest
check "install path@latest: the newest release" installs 'hi 1.1.0 b1.0'
burrow install ex.com/tool/cmd/hi@v1.2
check "install path@prefix: of what there is only before the release" installs 'hi 1.2.0-rc.1 b1.0'
burrow install ex.com/tool/cmd/hi@v3
check "install: no such version" fails 'no matching versions for query "v3"'
burrow install ex.com/tool/cmd/absent@v1.0.0
check "install: no such package" fails 'ex.com/tool@v1.0.0.* does not contain package ex.com/tool/cmd/absent'
burrow install ex.com/nowhere@latest
check "install: no such module" fails 'ex.com/nowhere'
write src/forked/go.mod <<<$'module ex.com/forked\n\ngo 1.22\n\nreplace ex.com/b => ../b1'
write src/forked/main.go <<<$'package main\n\nfunc main() {}'
publish ex.com/forked v1.0.0 src/forked
burrow install ex.com/forked@v1.0.0
check "install: a go.mod with replacements" fails 'replace'
unset GOBIN

# --- GOCACHEPROG: the cache is another program's
cat >cacheprog.py <<'END'
import base64, json, os, sys
at, mode = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
os.makedirs(at, exist_ok=True)
def say(**answer):
    print(json.dumps(answer), flush=True)
say(ID=0, KnownCommands=["get"] if mode == "readonly" else ["get", "put", "close"])
for line in sys.stdin:
    if not line.strip():
        continue
    asked = json.loads(line)
    what = asked["Command"]
    open(at + ".log", "a").write(what + "\n")
    if what == "close":
        say(ID=asked["ID"])
        break
    if mode == "dies":
        sys.exit(1)
    file = os.path.join(at, base64.b64decode(asked["ActionID"]).hex())
    if what == "put":
        body = b""
        if asked["BodySize"]:
            body = base64.b64decode(json.loads(sys.stdin.readline()))
        assert len(body) == asked["BodySize"]
        open(file, "wb").write(body)
        say(ID=asked["ID"], DiskPath=file)
    elif os.path.exists(file):
        say(ID=asked["ID"], Size=os.path.getsize(file), DiskPath=file)
    else:
        say(ID=asked["ID"], Miss=True)
END
write c/go.mod <<<$'module ex.com/c\n\ngo 1.22'
write c/main.go <<<$'package main\n\nfunc main() { println("built") }'
cached="python3 $TEST_TMP/cacheprog.py $TEST_TMP/shared"
asked() { grep -c "^$1" "$TEST_TMP/shared.log"; }
BURROW_CACHE=$TEST_TMP/own1 GOCACHEPROG=$cached burrow run -C c .
check "GOCACHEPROG: builds" prints built
check "GOCACHEPROG: stores there" test "$(asked put)" -gt 0 -a "$(asked close)" -eq 1
puts=$(asked put)
BURROW_CACHE=$TEST_TMP/own2 GOCACHEPROG=$cached burrow run -C c .
check "GOCACHEPROG: another machine's" prints built
check "GOCACHEPROG: finds it all" test "$(asked put)" -eq "$puts"
for file in shared/*; do [[ -s $file ]] && printf x | dd of="$file" conv=notrunc status=none; done
BURROW_CACHE=$TEST_TMP/own3 GOCACHEPROG=$cached burrow run -C c .
check "GOCACHEPROG: what was damaged is made again" prints built
BURROW_CACHE=$TEST_TMP/own4 GOCACHEPROG="$cached dies" burrow run -C c .
check "GOCACHEPROG: a program that dies" fails 'GOCACHEPROG program "python3" does not answer'
GOCACHEPROG=/nowhere/prog burrow run -C c .
check "GOCACHEPROG: no such program" fails 'GOCACHEPROG program "/nowhere/prog": No such file or directory|GOCACHEPROG program "/nowhere/prog": no such file or directory'
GOCACHEPROG=true burrow run -C c .
check "GOCACHEPROG: no protocol" fails 'did not declare its supported commands'

# --- Assembly of modules
write s/go.mod <<<$'module ex.com/s\n\ngo 1.22\n\nrequire golang.org/x/sys v0.0.0\n\nreplace golang.org/x/sys => ./xsys'
write s/sum/sum.go <<<$'package sum\n\nfunc Of(a, b int) int { return sum(a, b) }'
write s/sum/sum_gc.go <<<$'//go:build gc && !purego\n\npackage sum\n\nfunc sum(a, b int) int'
write s/sum/sum_gc.s <<<$'//go:build gc && !purego\n\n#include "textflag.h"\n\nTEXT \u00b7sum(SB),NOSPLIT,$0-24\n\tMOVQ $0, AX\n\tRET'
write s/sum/sum_other.go <<<$'//go:build !gc || purego\n\npackage sum\n\nfunc sum(a, b int) int { return a + b }'
write s/main.go <<<$'package main\n\nimport (\n\t"ex.com/s/sum"\n\t"golang.org/x/sys/unix"\n)\n\nfunc main() {\n\tunix.Try()\n\tprintln(sum.Of(2, 3))\n}'
write s/only/only.go <<<$'package main\n\nfunc f()\n\nfunc main() { f() }'
write s/only/only.s <<<$'TEXT \u00b7f(SB),0,$0-0\n\tRET'
# What golang.org/x/sys/unix has: functions whose bodies are in assembly.
write s/xsys/go.mod <<<$'module golang.org/x/sys\n\ngo 1.22'
write s/xsys/unix/asm.s <<<$'TEXT \u00b7Syscall(SB),4,$0-56\n\tJMP syscall\u00b7Syscall(SB)'
write s/xsys/unix/unix.go <<'END'
package unix

import (
	"os"
	"syscall"
)

func Syscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)
func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)
func SyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr)
func RawSyscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)
func RawSyscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)
func RawSyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr)
func gettimeofday(timeval *syscall.Timeval) (err syscall.Errno)

func expect(ok bool, what string) {
	if !ok {
		panic(what)
	}
}

// Try panics unless each calls what it should.
func Try() {
	pid := uintptr(os.Getpid())
	r, _, errno := Syscall(syscall.SYS_GETPID, 0, 0, 0)
	expect(r == pid && errno == 0, "Syscall")
	_, _, errno = Syscall(syscall.SYS_CLOSE, 1<<20, 0, 0)
	expect(errno == syscall.EBADF, "Syscall's error")
	r, _, errno = Syscall6(syscall.SYS_MMAP, 0, 4096, syscall.PROT_READ, syscall.MAP_ANON|syscall.MAP_PRIVATE, ^uintptr(0), 0)
	expect(errno == 0 && r != 0, "Syscall6")
	_, _, errno = RawSyscall6(syscall.SYS_MUNMAP, r, 4096, 0, 0, 0, 0)
	expect(errno == 0, "RawSyscall6")
	r, _, errno = RawSyscall(syscall.SYS_GETPID, 0, 0, 0)
	expect(r == pid && errno == 0, "RawSyscall")
	r, _ = SyscallNoError(syscall.SYS_GETPID, 0, 0, 0)
	expect(r == pid, "SyscallNoError")
	r, _ = RawSyscallNoError(syscall.SYS_GETPID, 0, 0, 0)
	expect(r == pid, "RawSyscallNoError")
	var tv syscall.Timeval
	expect(gettimeofday(&tv) == 0 && tv.Sec > 1<<30, "gettimeofday")
}
END
burrow run -C s .
check "assembly: files for compilers without it, and what the runtime has" prints 5
burrow list -C s -f '{{.GoFiles}}{{.SFiles}}' ./sum
check "assembly: list" prints '[sum.go sum_other.go][]'
write s/machine/machine.go <<<$'package machine\n\nfunc Of(a, b int) int { return sum(a, b) }'
write s/machine/sum_amd64.go <<<$'package machine\n\nfunc sum(a, b int) int { return sumAVX(a, b) }\n\nfunc sumAVX(a, b int) int'
write s/machine/sum_amd64.s <<<$'#include "textflag.h"\n\nTEXT \u00b7sumAVX(SB),NOSPLIT,$0-24\n\tMOVQ $0, AX\n\tRET'
write s/machine/sum_any.go <<<$'//go:build !amd64\n\npackage machine\n\nfunc sum(a, b int) int { return a + b }'
write s/machine/order_amd64.go <<<$'package machine\n\nfunc swap(x uint16) uint16 { return x }\n\nfunc View() string { return "little" }'
write s/machine/order_any.go <<<$'//go:build !amd64\n\npackage machine\n\nfunc swap(x uint16) uint16 { return x>>8 | x<<8 }'
write s/machine/machine_test.go <<<$'package machine\n\nimport "testing"\n\nfunc TestSum(t *testing.T) {\n\tif Of(3, 4) != 7 || View() != "little" || swap(1) != 1 {\n\t\tt.Fatal("wrong")\n\t}\n}'
write s/machine/sum_amd64_test.go <<<$'package machine\n\nimport "testing"\n\nfunc TestAssembly(t *testing.T) { sumAVX(1, 2) }'
burrow test -C s -v ./machine
check "assembly: files for machines without it, and others for this one" has out '^--- PASS: TestSum'
burrow list -C s -f '{{.GoFiles}}{{.TestGoFiles}}{{.IgnoredGoFiles}}' ./machine
check "assembly: list of files chosen one by one" prints \
	'[machine.go order_amd64.go sum_any.go][machine_test.go][order_any.go sum_amd64.go sum_amd64_test.go]'
write s/machine/bad_amd64.go <<<$'//go:build amd64 &&\n\npackage machine'
burrow build -C s ./machine
check "assembly: a malformed constraint beside it" fails '^bad_amd64\.go: '
rm s/machine/bad_amd64.go
burrow build -C s -o only/only.exe ./only
check "assembly: no Go code instead" fails \
	'^main\.main: relocation target main\.f not defined: Go assembly is not supported, and no Go code is in its place \(only/only\.s\)$'
write s/unused/unused.go <<<$'package main\n\nfunc F()\n\nfunc main() { println("no need") }'
write s/unused/unused.s <<<$'TEXT \u00b7F(SB),0,$0-0\n\tRET'
burrow run -C s ./unused
check "assembly: that nothing in Go calls" prints 'no need'

echo "counts: $passed $failed $skipped"
