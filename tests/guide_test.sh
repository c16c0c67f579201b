#!/usr/bin/env bash
# Runs a guide: guide_test.sh <source folder> <guide, such as docs/guide.md> [<folder of programs>]. In a folder and a home
# of its own, with the programs in PATH where the guide does not install them itself,
#   ```<language> file=PATH   is written to PATH,
#   ```sh                     is run, in one shell from first to last (`sh fails`: its last command must fail,
#                             `sh checkout`: it runs in the source folder),
#   ```text                   are lines that the last sh block must have printed, in this order; … is anything.
set -euo pipefail
source=$1 guide=$2
[ -z "${3:-}" ] || PATH=$3:$PATH
work=$(mktemp -d)
# What a guide has left running ends with it.
clean_up() { jobs -p | xargs -r kill 2>/dev/null; rm -rf "$work"; }
trap clean_up EXIT
script=$work/guide.sh

awk '
  /^```/ && !inside { inside = 1; block = $0; text = ""; line = NR; next }
  /^```/ {
    inside = 0
    if (match(block, /file=.*/)) printf "write %s <<\"BLOCK\"\n%sBLOCK\n", substr(block, RSTART + 5), text
    else if (block == "```sh") printf "begin %d\n%sfinish\n", line, text
    else if (block == "```sh fails") printf "begin %d\nset +e\n%sexpect_failure $?\nset -e\nfinish\n", line, text
    else if (block == "```sh checkout") printf "begin %d\npushd \"$source\" >/dev/null\n%spopd >/dev/null\nfinish\n", line, text
    else if (block == "```text") printf "expect %d <<\"BLOCK\"\n%sBLOCK\n", line, text
    else { print "guide_test: a block that is never run, line " line > "/dev/stderr"; exit 1 }
    next
  }
  inside { text = text $0 "\n" }
  END { if (inside) exit 1 }
' "$source/$guide" >"$script"

report() { printf 'guide_test: %s:%s: %s\n--- it printed:\n%s\n' "$guide" "$block" "$1" "$(cat "$work/output")" >&4; }
die() { report "$1"; trap clean_up EXIT; exit 1; }
write() { mkdir -p "$(dirname "$1")" && cat >"$1"; }
begin() { block=$1; exec >"$work/output" 2>&1; }
finish() { exec >&4 2>&4; }
expect_failure() { [ "$1" -ne 0 ] || die "the last command should have failed"; }
# Each expected line as a pattern, found at or behind the line after the last one found.
expect() {
  local pattern line at=0 i found
  mapfile -t printed <"$work/output"
  while IFS= read -r line; do
    pattern=$(sed -e 's/[][*?\\]/\\&/g' -e 's/…/*/g' <<<"$line")
    found=
    for ((i = at; i < ${#printed[@]}; ++i)); do
      # shellcheck disable=SC2053
      if [[ ${printed[i]} == $pattern ]]; then found=1 at=$((i + 1)); break; fi
    done
    [ -n "$found" ] || { block=$1; die "no line is \"$line\""; }
  done
}

export CCACHE_DIR=${CCACHE_DIR:-$HOME/.cache/ccache} HOME=$work/home
unset BACKLOT_HOME XDG_DATA_HOME XDG_STATE_HOME
mkdir -p "$HOME" "$work/here" && cd "$work/here"
exec 4>&1
trap 'code=$?; [ $code -eq 0 ] || report "a command failed ($code)"; clean_up' EXIT
. "$script"
echo "guide_test: $(grep -c '^begin' "$script") blocks were run, $(grep -c '^expect ' "$script") outputs compared" >&4
