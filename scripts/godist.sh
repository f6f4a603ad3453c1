# shellcheck shell=bash
# The Go distribution: the standard library's source (which Burrow compiles), Go's own test suite, and gc (for tests and
# benchmarks that compare, never for building).
#
# An installed Go 1.27 is used as it is: $BURROW_GOROOT, or the one that `go` on the PATH belongs to. Else the packages
# come from the suite trixie-backports of the mirror that this machine's apt is set up with, through an apt configuration
# of our own, so that the machine's sources stay as they are; no root needed. They are unpacked, not installed, into
# .deps: usr/lib/go-1.27 there is the GOROOT. The stamp is written last, so a half-done .deps is never taken for a whole.

goVersion=1.27
goSuite=trixie-backports
goPackages=("golang-$goVersion-src" "golang-$goVersion-go" "golang-$goVersion-doc")
goStamp=$depsDir/go.stamp

# usableGoroot DIR: it is a complete Go 1.27.
usableGoroot() {
  [[ -r $1/VERSION && -d $1/src/runtime && -d $1/src/fmt && -d $1/test ]] &&
    grep -qE "^go${goVersion//./\\.}([^0-9]|\$)" "$1/VERSION"
}

# findGoroot: prints the GOROOT to use and succeeds, or fails when one must be fetched.
findGoroot() {
  local dir
  if [[ -n ${BURROW_GOROOT:-} ]]; then
    usableGoroot "$BURROW_GOROOT" || fail "BURROW_GOROOT=$BURROW_GOROOT is not a complete Go $goVersion distribution" \
      "it needs the files VERSION (go$goVersion...), src/ and test/; unset it to have the distribution fetched"
    printf '%s\n' "$BURROW_GOROOT"
  elif [[ -f $goStamp ]]; then
    printf '%s\n' "$depsDir/usr/lib/go-$goVersion"
  elif command -v go >/dev/null && dir=$(GOTOOLCHAIN=local go env GOROOT 2>/dev/null) && usableGoroot "$dir"; then
    printf '%s\n' "$dir"
  else
    return 1
  fi
}

# fetchGo: fills .deps.
fetchGo() {
  local stage=$depsDir/stage log=$logDir/godist.log
  local mirror found='' options file
  command -v apt-get >/dev/null || fail "no Go $goVersion distribution here, and no apt to fetch it with" \
    "install Go $goVersion, or set BURROW_GOROOT to one"
  [[ -r $debianKeyring ]] || fail "the Debian archive's keys are missing: install the package debian-archive-keyring"
  if [[ -z $(mirrors) ]] && canBeRoot; then
    # A machine whose package lists were never read does not know its sources' names.
    aptGet "$logDir/apt.log" update || true
  fi
  [[ -n $(mirrors) ]] || fail "apt on this machine knows no Debian mirror to fetch Go $goVersion from" \
    "run apt-get update as root; or install Go $goVersion; or set BURROW_GOROOT to one"

  say "fetching Go $goVersion's source, tests and documents (50 MB) into .deps: ${goPackages[*]}"
  mkdir -p "$depsDir/apt/etc" "$depsDir/apt/lists/partial" "$depsDir/apt/cache/archives/partial"
  rm -rf "$stage"
  mkdir "$stage"
  : >"$log"
  options=(
    -q -o Dir::Etc="$depsDir/apt/etc" -o Dir::Etc::sourcelist="$depsDir/apt/sources.list"
    -o Dir::Etc::sourceparts=- -o Dir::State::lists="$depsDir/apt/lists" -o Dir::Cache="$depsDir/apt/cache"
    -o APT::Sandbox::User= -o Acquire::Retries=3 -o APT::Update::Error-Mode=any
  )
  for mirror in $(mirrors); do
    printf 'deb [signed-by=%s] %s %s main\n' "$debianKeyring" "$mirror" "$goSuite" >"$depsDir/apt/sources.list"
    apt-get "${options[@]}" update >>"$log" 2>&1 9>&- || continue
    (cd "$stage" && apt-get "${options[@]}" download "${goPackages[@]}") >>"$log" 2>&1 9>&- && found=yes && break
  done
  [[ -n $found ]] || fail "Go $goVersion could not be fetched (all of apt's words: $log):" \
    "$(grep -E '^(E:|W:|Err:)' "$log" | head -n 4)" \
    "when the mirror is reachable, run the same command again; or set BURROW_GOROOT to a Go $goVersion"

  say "unpacking it"
  for file in "$stage"/*.deb; do
    dpkg -x "$file" "$stage"
  done
  usableGoroot "$stage/usr/lib/go-$goVersion" || fail "the unpacked packages are not a Go $goVersion distribution (see $stage)"
  rm -rf "${depsDir:?}/usr" "$depsDir"/golang-*.deb
  mv "$stage"/*.deb "$stage/usr" "$depsDir/"
  rm -rf "$stage"
  (cd "$depsDir" && printf '%s\n' golang-*.deb) >"$goStamp.new"
  mv "$goStamp.new" "$goStamp"
}

# needGo: sets BURROW_GOROOT for everything that runs from here, fetching the distribution if there is none.
needGo() {
  local dir
  dir=$(findGoroot) || {
    [[ -z ${BURROW_GOROOT:-} ]] || exit 1 # findGoroot has said why
    fetchGo
    dir=$(findGoroot)
  }
  export BURROW_GOROOT=$dir
}
