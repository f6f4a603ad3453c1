# shellcheck shell=bash
# The set-up, from a machine with nothing to a built toolchain. Each step looks first whether it is done, so that an
# interrupted set-up goes on where it was and a second one has nothing to do.

# shellcheck source=scripts/packages.sh
source "$root/scripts/packages.sh"
# shellcheck source=scripts/godist.sh
source "$root/scripts/godist.sh"

checkMachine() {
  [[ $(uname -s) == Linux && $(uname -m) == x86_64 ]] ||
    fail "Burrow runs on Linux on x86-64; this is $(uname -s) on $(uname -m)"
}

# setUpToolchain: leaves a current build and the GOROOT's path in build/release/goroot.
setUpToolchain() {
  local begin=$SECONDS
  checkMachine
  takeLock
  # Another set-up may have done it all while we waited for the lock.
  if ! buildIsCurrent || [[ ! -f $buildDir/goroot ]]; then
    installPackages "${buildPackages[@]}"
    needGo
    mkdir -p "$buildDir"
    printf '%s\n' "$BURROW_GOROOT" >"$buildDir/goroot"
    buildToolchain
    say "the toolchain is ready ($((SECONDS - begin)) s)"
  fi
  releaseLock
}

# setUpTests: the same, then what the tests need besides: packages, gc, the test programs.
setUpTests() {
  setUpToolchain
  takeLock
  installPackages "${testPackages[@]}"
  export BURROW_GOROOT=${BURROW_GOROOT:-$(<"$buildDir/goroot")}
  # A build that was configured before GoogleTest came has no unit tests.
  if grep -q '^GTest_DIR:PATH=.*NOTFOUND' "$buildDir/CMakeCache.txt"; then
    (cd "$root" && cmake --preset release) >"$logDir/cmake-release.log" 2>&1 9>&- ||
      fail "CMake failed:" "$(tail -n 20 "$logDir/cmake-release.log")"
  fi
  say "building the tests"
  NINJA_STATUS='  [%f/%t] ' ninja -C "$buildDir" >&2 9>&- || fail "the build failed (see above)"
  releaseLock
}
