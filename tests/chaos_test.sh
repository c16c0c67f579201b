#!/usr/bin/env bash
# Lets tasks misbehave and looks at what becomes of the run: chaos_test.sh <folder of the programs>
set -euo pipefail
export PATH=$1:$PATH BACKLOT_HOME
BACKLOT_HOME=$(mktemp -d)
trap 'rm -rf "$BACKLOT_HOME"' EXIT
out=$BACKLOT_HOME/out
fail() { printf 'chaos_test: %s\n--- it printed:\n%s\n' "$1" "$(tail -c 4000 "$out")" >&2; exit 1; }

# ends <done|failed> <what it prints> <flow> <item>...
ends() {
  local state=$1 says=$2 flow=$3 code=0 expected=0 items=()
  [ "$state" = done ] || expected=1
  for item in "${@:4}"; do items+=(--items "$item"); done
  timeout 60 chaos run "$flow" "${items[@]}" >"$out" 2>&1 || code=$?
  [ $code = $expected ] || fail "$flow of ${*:4} left with code $code"
  grep -qF -- "$says" "$out" || fail "$flow of ${*:4} does not say \"$says\""
  backlot list "$flow" --limit 1 | grep -q " $state " || fail "$flow of ${*:4} is not kept as $state"
}

# One bad task fails alone, whatever it did; the run says what and is kept as failed.
ends failed 'std::runtime_error: thrown on demand' Chaos ok throw
ends failed 'work/[0]: int' Chaos throw_int:7
ends failed 'killed by signal 11' Chaos segfault
ends failed 'killed by signal 6' Chaos abort
ends failed 'killed by signal 6' Chaos corrupt_heap
ends failed 'killed by signal 9' Chaos kill
ends failed 'exited with code 3' Chaos exit:3
ends failed 'exited with code 0' Chaos exit:0
ends failed 'out of memory' Chaos leak:400
ends failed 'no behaviour is called dance' Chaos dance

# What is odd but no failure.
ends done 'did close_stdout' Chaos close_stdout ok
ends done 'did flood:20' Chaos flood:20
ends done 'did leave_child:60' Chaos leave_child:60

# Decorators.
ends done '1 x did flaky:2' Retried flaky:2 ok
ends failed 'attempt 2 of 3' Retried flaky:3
ends failed 'timeout' Timed hang ok
ends done '1 x did ok' Caught ok hang segfault exit:3

# A killed scheduler takes its tasks with it; what was committed before is kept, and only the rest is run again.
chaos run Chaos --items ok --items ok --items sleep:2 --max-workers 2 >"$out" 2>&1 &
scheduler=$!
for ((i = 0; i < 100; ++i)); do backlot list Chaos/last/work 2>/dev/null | grep -c ' done ' | grep -q 2 && break || sleep 0.1; done
kill -9 $scheduler
wait $scheduler 2>/dev/null && fail "the killed run ended well"
chaos resume Chaos >"$out" 2>&1 || fail "the killed run could not be resumed"
grep -q '^3 of 6 tasks were kept' "$out" || fail "not start and two of three tasks were kept"
backlot fsck >"$out" || fail "the home is damaged"
