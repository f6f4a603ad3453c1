#!/usr/bin/env bash
# Programs do the same without an optimisation (-gcflags=all=-d=without=NAME): each of tests/programs prints what it prints with
# all of them. A few programs for each name; with --all all of them. A program that looks at capacities or the like names in a
# line `// differs without: NAMES` what they depend on; without that it must only end well.
set -uo pipefail
passed=0 failed=0
programs=$BURROW_ROOT/tests/programs
# Together: frames, the collector, closures, interfaces, recovered faults, comparisons, copies. None needs a large part of the library.
sample=(append_in_frame concrete_receiver copy_sizes local_recursive result_at_fault struct_equality_order switch_interface)

cd "$TEST_TMP" || exit 1
mkdir module
printf 'module without\n\ngo 1.27\n' >module/go.mod
if [[ $TEST_ALL -eq 1 ]]; then
  sample=()
  for source in "$programs"/*.go; do sample+=("$(basename "$source" .go)"); done
fi
for name in "${sample[@]}"; do
  mkdir "module/$name"
  cp "$programs/$name.go" "module/$name"
done

# The programs in ./module, of which $2... are what is to be run, without the optimisation $1. A cache of its own, since the
# objects are of no use afterwards.
try() {
  local optimisation=$1 name expected status
  shift
  rm -rf bin cache
  mkdir bin
  if ! (cd module && BURROW_CACHE=$TEST_TMP/cache timeout 600 "$BURROW" build -o ../bin/ -gcflags="all=-d=without=$optimisation" "${@/#/./}") >log 2>&1; then
    echo "FAIL: without $optimisation nothing is built: $(head -c 400 log)"
    failed=$((failed + 1))
    return
  fi
  for name in "$@"; do
    expected=$programs/$name.out status=0
    (cd "module/$name" && timeout 120 "$TEST_TMP/bin/$name") >output 2>&1 </dev/null || status=$?
    if [[ $status -eq 0 ]] && grep -q "^// differs without:.* $optimisation\\b" "module/$name/"*.go; then expected=output; fi
    if cmp -s "$expected" output; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "FAIL: $name without $optimisation: $(diff "$expected" output | grep -m1 '^[<>]')"
    fi
  done
}

# A name that is none is told, with those that are.
if "$BURROW" build -o none -gcflags=-d=without=nothing "$programs/late_frames.go" 2>log || ! grep -q '^  late-frames' log; then
  echo "FAIL: -d=without=nothing: $(head -c 200 log)"
  failed=$((failed + 1))
else
  passed=$((passed + 1))
fi

mapfile -t optimisations < <("$BURROW" build -o none -gcflags=-d=without=help "$programs/late_frames.go" 2>&1 | sed -n 's/^  \([a-z-]*\) .*/\1/p')
for optimisation in ${WITHOUT:-"${optimisations[@]}"}; do try "$optimisation" "${sample[@]}"; done

# Those that large functions need.
if [[ $TEST_ALL -eq 1 ]]; then
  python3 "$programs/large_functions.py" >large_functions.go
  mkdir module/large_functions
  mv large_functions.go module/large_functions
  for optimisation in large-functions value-copies jump-padding; do try "$optimisation" large_functions; done
fi
echo "counts: $passed $failed 0"
