# shellcheck shell=bash
# Building the toolchain with CMake and Ninja, and knowing without either that nothing is to be done.
#
# The stamp's time is the moment before the last complete build began. When no file or folder that the build reads has
# changed since (by ctime, which no copying tool can set back), there is nothing to do; a find over a few hundred files
# says so in some milliseconds. Folders count too: their time changes when a file comes or goes.

stamp=$buildDir/toolchain.stamp

# buildIsCurrent: the last build is complete and nothing that it read has changed.
buildIsCurrent() {
  [[ -f $stamp && -x $buildDir/bin/burrow ]] || return 1
  # A tree that was moved or copied has a build directory that speaks of another place.
  [[ $(<"$stamp") == "$root" ]] || return 1
  local inputs=() path
  for path in burrow CMakeLists.txt CMakePresets.json cmake scripts compiler runtime driver inspect std; do
    [[ ! -e $root/$path ]] || inputs+=("$root/$path")
  done
  [[ -z $(find "${inputs[@]}" -cnewer "$stamp" -print -quit) ]]
}

# configure DIRECTORY PRESET: runs CMake when the build directory is new or speaks of another tree.
configure() {
  local dir=$1 preset=$2 log=$logDir/cmake-$2.log home
  home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$dir/CMakeCache.txt" 2>/dev/null || true)
  if [[ -n $home && $home != "$root" ]]; then
    rm -rf "$dir"
  elif [[ -f $dir/build.ninja ]]; then
    return 0 # ninja runs CMake again when it must
  fi
  say "configuring the build ($preset)"
  # A configuration that was interrupted leaves a cache without build.ninja; CMake goes on from there.
  (cd "$root" && cmake --preset "$preset") >"$log" 2>&1 9>&- || fail "CMake failed:" "$(tail -n 20 "$log")" "all of it: $log"
}

# buildToolchain: compiler, driver, runtime.
buildToolchain() {
  configure "$buildDir" release
  touch "$buildDir/.started"
  say "building the toolchain"
  NINJA_STATUS='  [%f/%t] ' ninja -C "$buildDir" toolchain >&2 9>&- || fail "the build failed (see above)"
  [[ -x $buildDir/bin/burrow ]] || fail "the build has made no $buildDir/bin/burrow"
  printf '%s\n' "$root" >"$stamp.new"
  touch -r "$buildDir/.started" "$stamp.new"
  mv "$stamp.new" "$stamp"
}
