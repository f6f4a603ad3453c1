# shellcheck shell=bash
# The Debian packages that are needed, and their installation. docs/dependencies.md says why each of them is here.
#
# Only what is missing is installed, and it is named before it is. Root is used if we are root, else sudo; with neither,
# the message gives the command that somebody with the right to do so can run.

# What building and using the toolchain takes. clang compiles the runtime; the compiler itself is built by g++.
buildPackages=(
  cmake ninja-build g++ clang-22 llvm-22-dev liblld-22-dev
  libgmp-dev libmpfr-dev libfmt-dev libcli11-dev nlohmann-json3-dev libxxhash-dev
  libcurl4-openssl-dev libzip-dev libssl-dev libjemalloc-dev
  zlib1g-dev libzstd-dev libelf-dev libdw-dev
)
# What the tests take besides.
testPackages=(binutils file gdb git libbenchmark-dev libclang-rt-22-dev libgtest-dev python3 valgrind)

debianKeyring=/usr/share/keyrings/debian-archive-keyring.gpg
# Options for apt, beside the machine's own configuration: addSecuritySuite.
aptSources=()

# mirrors: the base addresses of the Debian archive that apt is set up with (not the security archive, whose label is
# another), one a line.
mirrors() {
  # shellcheck disable=SC2016 # apt fills that in
  apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 2>/dev/null | awk '!/^cdrom:/ && !seen[$0]++'
}

# addSecuritySuite: for a machine whose sources lack its release's security suite (a bare debootstrap has only the main
# one), this script's calls of apt read it too, from the same mirror. The machine's own sources stay as they are.
addSecuritySuite() {
  local parts=$root/build/apt-sources mirror codename
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  [[ -n $codename && -r $debianKeyring && -z $(apt-get indextargets 'Label: Debian-Security' 2>/dev/null) ]] || return 1
  rm -rf "$parts"
  mkdir -p "$parts"
  find /etc/apt/sources.list.d -type f -exec cp -s -t "$parts" {} +
  for mirror in $(mirrors); do
    [[ $mirror != */debian/ ]] ||
      printf 'deb [signed-by=%s] %sdebian-security/ %s-security main\n' "$debianKeyring" "${mirror%debian/}" "$codename"
  done >"$parts/burrow-security.list"
  [[ -s $parts/burrow-security.list ]] || return 1
  aptSources=(-o Dir::Etc::sourceparts="$parts")
}

# unknownPackages NAME...: those that no package source has, one a line.
unknownPackages() {
  local name
  for name in "$@"; do
    [[ -n $(apt-cache "${aptSources[@]}" madison "$name" 2>/dev/null) ]] || printf '%s\n' "$name"
  done
}

# missingPackages NAME...: those that are not fully installed, one a line.
missingPackages() {
  local installed name
  # dpkg-query fails when it does not know a name: that one is simply missing.
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for name in "$@"; do
    grep -qx "$name installed" <<<"$installed" || printf '%s\n' "$name"
  done
}

# asRoot COMMAND...: runs it with root's rights. sudo may ask for a password only where somebody can type one.
asRoot() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif hasTerminal; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

hasTerminal() { { : </dev/tty; } 2>/dev/null; }

canBeRoot() {
  [[ $EUID -eq 0 ]] && return 0
  command -v sudo >/dev/null && { hasTerminal || sudo -n true 2>/dev/null; }
}

# aptGet LOG ARGUMENTS...: apt-get without questions, everything it says in LOG, its progress told briefly.
#
# apt's machine-readable status goes to standard output between the other lines (sudo closes all higher descriptors).
aptGet() {
  local log=$1
  shift
  # shellcheck disable=SC2094 # both only append
  asRoot env DEBIAN_FRONTEND=noninteractive apt-get -y -q "${aptSources[@]}" \
    -o APT::Status-Fd=1 -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@" \
    2>>"$log" </dev/null 9>&- | aptProgress "$log"
}

# aptProgress LOG: reads apt's output; a status line is kind:package:percent:text.
aptProgress() {
  local line kind package percent text step last=-1
  while IFS= read -r line; do
    IFS=: read -r kind package percent text <<<"$line"
    case $kind in
      dlstatus) text="downloading" ;;
      pmstatus) text="installing $package" ;;
      *)
        printf '%s\n' "$line" >>"$1"
        continue
        ;;
    esac
    percent=${percent%%.*}
    if [[ -t 2 ]]; then
      printf '\r\033[K  %3s%% %s' "$percent" "$text" >&2
    else
      # In a log, a line for each tenth is enough.
      step="${text%% *}$((percent / 10))"
      [[ $step == "$last" ]] || printf '  %3s%% %s\n' "$percent" "${text%% *}" >&2
      last=$step
    fi
  done
  [[ ! -t 2 ]] || printf '\r\033[K' >&2
}

# installPackages NAME...: makes sure that they are all there.
installPackages() {
  local missing log=$logDir/apt.log
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    say "this system has no apt: assuming that the packages' counterparts are installed: $*"
    return 0
  fi
  mapfile -t missing < <(missingPackages "$@")
  [[ ${#missing[@]} -gt 0 ]] || return 0

  canBeRoot || fail "these Debian packages are missing, and neither root nor sudo is at hand to install them:" \
    "${missing[*]}" \
    "somebody with the right to do so can run:" \
    "apt-get update && apt-get install --no-install-recommends ${missing[*]}"

  say "installing ${#missing[@]} Debian packages and what they depend on: ${missing[*]}"
  : >"$log"
  # An earlier installation that was interrupted is finished first.
  if [[ -n $(dpkg --audit 2>/dev/null) ]]; then
    say "finishing an interrupted installation (dpkg --configure -a)"
    # shellcheck disable=SC2094 # both only append
  asRoot env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >>"$log" 2>&1 </dev/null 9>&- ||
      fail "dpkg --configure -a failed:" "$(tail -n 5 "$log")"
  fi
  say "reading the package lists"
  # A third party's broken repository is no reason to stop: whether ours was reached, the next step shows.
  aptGet "$log" update || true
  local unknown
  mapfile -t unknown < <(unknownPackages "${missing[@]}")
  if [[ ${#unknown[@]} -gt 0 ]] && addSecuritySuite; then
    say "reading the security suite's list too, where ${unknown[*]} should be"
    aptGet "$log" update || true
    mapfile -t unknown < <(unknownPackages "${missing[@]}")
  fi
  if [[ ${#unknown[@]} -gt 0 ]]; then
    if grep -qE '^(Err:|W: Failed to fetch|E: )' "$log"; then
      fail "the package mirror could not be read (all of apt's words: $log):" \
        "$(grep -E '^(E:|W:|Err:)' "$log" | head -n 4)" "when it is reachable, run the same command again"
    fi
    fail "no configured package source has: ${unknown[*]}" \
      "Debian 12 has LLVM 22 in its security suite (bookworm-security), Debian 13 in its main or security suite;" \
      "see that the files in /etc/apt name it, and run the same command again"
  fi
  aptGet "$log" install --no-install-recommends "${missing[@]}" ||
    fail "apt could not install the packages (all of its words: $log):" \
      "$(grep -E '^(E:|W:|Err:)' "$log" | head -n 4)" "run the same command again when that is mended"
  mapfile -t missing < <(missingPackages "$@")
  [[ ${#missing[@]} -eq 0 ]] || fail "still missing after the installation: ${missing[*]} (see $log)"
}
