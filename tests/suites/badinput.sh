#!/usr/bin/env bash
# Bad input: each kind draws one clear message on standard error, a non-zero exit, and leaves no output file behind.
set -uo pipefail
passed=0 failed=0 skipped=0
cd "$TEST_TMP" || exit 1
export TMPDIR=$TEST_TMP/temp
mkdir -m 1777 "$TMPDIR"

fail() {
  failed=$((failed + 1))
  echo "FAIL: $1: $2"
  sed 's/^/  /' err
}

# write FILE: makes it of what comes in, with its folders.
write() {
  mkdir -p "$(dirname "$1")"
  cat >"$1"
}

# bad WHAT PATTERN ARGUMENTS...: `burrow ARGUMENTS` must fail with one message that matches the pattern. A message is a
# line that is no heading ("# package", "usage: ...", "...:") and not indented. Afterwards the file `out` must
# not exist and the folder for temporary files must be empty.
bad() {
  local what=$1 pattern=$2 status=0 messages
  shift 2
  rm -rf out
  timeout 120 "${as[@]}" "$BURROW" "$@" >stdout 2>err </dev/null || status=$?
  messages=$(grep -cvE '^(# |[[:space:]]|$|usage: |Run )|:$' err)
  if [[ $status -eq 0 ]]; then
    fail "$what" "exit status 0"
  elif [[ $status -ge 124 ]]; then
    fail "$what" "exit status $status: a crash or a hang"
  elif [[ $messages -ne 1 ]]; then
    fail "$what" "$messages messages instead of one"
  elif ! grep -qE -- "$pattern" err; then
    fail "$what" "the message does not match: $pattern"
  elif [[ -s stdout ]]; then
    fail "$what" "something was written to standard output"
  elif [[ -e out ]]; then
    fail "$what" "an output file was left behind"
  elif [[ -n $(ls -A "$TMPDIR") ]]; then
    fail "$what" "left behind in the folder for temporary files: $(ls -A "$TMPDIR")"
  else
    passed=$((passed + 1))
  fi
}
as=()

write good.go <<<'package main

func main() { println("good") }'
write syntax.go <<<'package main

func main() { x := }'
write type.go <<<'package main

func main() { var n int = "text"; _ = n }'
write missing.go <<<'package main

import "no/such/package"

func main() { package.F() }'
sed -i 's/package.F/pkg.F/; s/^import/import pkg/' missing.go
write nomain.go <<<'package main

func other() {}'
write second.go <<<'package main

func main() { println("second") }'
write uses/go.mod <<<'module burrow.example/uses'
write uses/prog/prog.go <<<'package main

func main() {}'
write uses/main.go <<<'package main

import _ "burrow.example/uses/prog"

func main() {}'
write internal.go <<<'package main

import _ "internal/abi"

func main() {}'
write relative.go <<<'package main

import _ "./x"

func main() {}'
write cycle/go.mod <<<'module burrow.example/cycle'
write cycle/main.go <<<'package main

import _ "burrow.example/cycle/a"

func main() {}'
write cycle/a/a.go <<<'package a

import _ "burrow.example/cycle/b"'
write cycle/b/b.go <<<'package b

import _ "burrow.example/cycle/a"'
write two/go.mod <<<'module burrow.example/two'
write two/a.go <<<'package one'
write two/b.go <<<'package two'
write modfile/go.mod <<<'modul burrow.example/x'
write modfile/main.go <<<'package main

func main() {}'
write empty/go.mod <<<'module burrow.example/empty'
printf 'package main\n\nfunc main() { println("\xff\xfe") }\n' >encoding.go
printf 'package main\0\n' >nul.go
head -c 300000 /dev/zero | tr '\0' '(' | { printf 'package main\n\nvar x = '; cat; } >deep.go

bad "syntax error" 'syntax\.go:3:20: syntax error: unexpected }' build -o out syntax.go
bad "syntax error in run" 'syntax\.go:3:20: syntax error: unexpected }' run syntax.go
bad "type error" 'type\.go:3:27: cannot use "text" \(untyped string constant\) as int value in variable declaration' build -o out type.go
bad "missing package" 'missing\.go:3:(8|12): package no/such/package is not in std' build -o out missing.go
bad "two functions main" 'second\.go:3:6: main redeclared in this block' build -o out good.go second.go
bad "import of a program" 'import "burrow.example/uses/prog" is a program, not an importable package' build -C uses -o out .
bad "internal package" 'use of internal package internal/abi not allowed' build -o out internal.go
bad "relative import" '"\./x" is relative, but relative import paths are not supported in module mode' build -o out relative.go
bad "files of two folders" 'named files must all be in one directory' build -o out good.go uses/main.go
bad "no func main" 'function main is undeclared in the main package' build -o out nomain.go
bad "invalid UTF-8" 'encoding\.go:3:24: invalid UTF-8 encoding' build -o out encoding.go
bad "NUL in source" 'nul\.go:1:13: invalid NUL character' build -o out nul.go
bad "nesting without end" 'deep\.go:3:.*(nesting|nested|deep)' build -o out deep.go

# badModule FOLDER WHAT PATTERN: the same for the module in a folder, built from there.
badModule() {
  cd "$1" || exit 1
  shift
  bad "$@" build -o out .
  rm -f err stdout
  cd ..
}
badModule cycle "import cycle" 'import cycle not allowed'
badModule two "two packages in a folder" 'found packages one \(a\.go\) and two \(b\.go\)'
badModule empty "folder without Go files" 'no Go files'
badModule modfile "bad go.mod" 'go\.mod:1: '

bad "file that is not there" 'nothere\.go: no such file or directory|no such file or directory.*nothere\.go' build -o out nothere.go
ln -s nothere.go dangling.go
bad "dangling link" 'dangling\.go' build -o out dangling.go
mkdir folder.go
bad "folder with a file's name" 'folder\.go' build -o out folder.go
cp good.go unreadable.go
chmod 000 unreadable.go
if [[ $EUID -eq 0 ]]; then
  # Root reads everything: somebody else has to try.
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$TEST_TMP")
  chmod 777 "$TEST_TMP"
fi
if "${as[@]}" "$BURROW" version >/dev/null 2>&1; then
  bad "unreadable file" 'unreadable\.go: permission denied' build -o out unreadable.go
else
  skipped=$((skipped + 1))
  echo "SKIP: unreadable file: nobody cannot run $BURROW"
fi
as=()

bad "unknown flag" 'nosuchflag' build -nosuchflag good.go
bad "unknown flag of run" 'nosuchflag' run -nosuchflag good.go
bad "unknown command" 'nosuchcommand' nosuchcommand
bad "flag without its value" '-o' build -o
bad "unknown phase to dump" 'nosuchphase' build -dump=nosuchphase good.go
bad "output below a file" 'mkdir syntax\.go/: not a directory' build -o syntax.go/out good.go
bad "folder to change to that is a file" 'chdir syntax\.go: not a directory' build -C syntax.go -o out good.go

# badSetting WHAT PATTERN NAME=VALUE: a build with that in the environment.
badSetting() {
  as=(env "$3")
  bad "$1" "$2" build -o out good.go
  as=()
}
badSetting "another GOOS" 'unsupported GOOS/GOARCH pair windows/amd64' GOOS=windows
badSetting "another GOARCH" 'unsupported GOOS/GOARCH pair linux/arm64' GOARCH=arm64
badSetting "no flag in GOFLAGS" 'parsing \$GOFLAGS: non-flag "nosuch"' GOFLAGS=nosuch
badSetting "unknown flag in GOFLAGS" 'parsing \$GOFLAGS: unknown flag -nosuch' 'GOFLAGS=-v -nosuch=1'
badSetting "relative GOPATH" 'GOPATH entry is relative; must be absolute path: "go"' GOPATH=go
badSetting "relative cache" 'BURROW_CACHE is not an absolute path: cache' BURROW_CACHE=cache
badSetting "no distribution" 'is not a Go distribution' BURROW_GOROOT=/nonexistent
badSetting "no library of ours" "nonexistent is not Burrow's part of the standard library" BURROW_STD=/nonexistent
badSetting "no runtime" 'the runtime library is missing: open /nonexistent: no such file' BURROW_RUNTIME=/nonexistent
badSetting "no runtime's archive" 'syntax\.go: the runtime.s archive is damaged' BURROW_RUNTIME="$PWD/syntax.go"

bad "full disk: /dev/full" 'no space left on device' build -o /dev/full good.go
[[ -c /dev/full ]] || fail "full disk: /dev/full" "the device is gone"
mkdir small
# onFull SIZE COMMAND...: the command, with a file system of that size at small/.
onFull() {
  mount -t tmpfs -o "size=$1" tmpfs small 2>mount.err || {
    skipped=$((skipped + 1))
    echo "SKIP: $2: no tmpfs of $1: $(head -n 1 mount.err)"
    return
  }
  shift
  "$@"
  umount small
}
fullOutput() {
  bad "full disk: output" 'no space left on device' build -o small/out good.go
  [[ -z $(ls -A small) ]] || fail "full disk: output" "left behind: $(ls -A small)"
}
fullTemporaries() {
  TMPDIR=$PWD/small bad "full disk: temporary files" 'no space left on device' build -o out good.go
  [[ -z $(ls -A small) ]] || fail "full disk: temporary files" "left behind: $(ls -A small)"
}
onFull 32k fullOutput
onFull 4k fullTemporaries

# What was there before a failed build stays as it was, and a good build replaces it.
sed s/good/first/ good.go >first.go
"$BURROW" build -o kept first.go 2>err || fail "kept output" "does not build"
"$BURROW" build -o kept syntax.go 2>err && fail "kept output" "exit status 0"
if [[ $(./kept 2>&1) == first ]]; then passed=$((passed + 1)); else fail "kept output" "it was overwritten"; fi
if "$BURROW" build -o kept good.go 2>err && [[ $(./kept 2>&1) == good ]]; then
  passed=$((passed + 1))
else
  fail "good input" "does not build and run"
fi

# More than ten errors: the ten that are found first, and then where that was.
{
  echo 'package main'
  echo 'func main() {'
  for i in $(seq 30); do echo "undefined$i()"; done
  echo '}'
} >many.go
"$BURROW" build -o out many.go 2>err
if [[ $(grep -c 'undefined: ' err) -eq 10 ]] && grep -qx './many.go:12:1: too many errors' err; then
  passed=$((passed + 1))
else
  fail "too many errors" "$(grep -c 'undefined: ' err) shown"
fi
echo "counts: $passed $failed $skipped"
