#!/usr/bin/env bash
# Installs a build and uses it from outside the tree: install_test.sh <build folder> <source folder> <config>
# Does what a stranger would do: configure, build, run, read back; and asks for a room that there is none of.
set -euo pipefail
build=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "install_test: $*" >&2; exit 1; }

cmake --install "$build" --prefix "$work/prefix" >"$work/log" || fail "$(cat "$work/log")"
for file in bin/backlot libexec/backlot/backlot-server libexec/backlot/backlot-signals.json include/backlot/sdk/flow.h include/backlot/client/client.h; do
  [ -e "$work/prefix/$file" ] || fail "$file was not installed"
done
# Headers of tests and of our programs are ours alone; each of the others can be included by itself from what is installed.
headers=$(cd "$work/prefix/include" && find backlot -name '*.h' | sort)
! grep -E '/test_|^backlot/server/|/main/' <<<"$headers" || fail "these headers are not for others"
sed 's/.*/#include "&"/' <<<"$headers" >"$work/all.cpp"
"${CXX:-c++}" -std=c++20 -fsyntax-only -I"$work/prefix/include" "$work/all.cpp" >"$work/log" 2>&1 || fail "$(head -30 "$work/log")"
find "$work/prefix" -name 'LICENSE' | grep -q . || fail "the licence was not installed"
! grep -rlF -e "$source" -e "$build" "$work/prefix/lib" --include='*.cmake' || fail "the package names the folder it was built in"

awk '/^```/ { shown = $0 == "```cpp"; next } shown' "$source/README.md" | cmp - "$source/examples/outside/main.cpp" ||
  fail "README.md does not show examples/outside/main.cpp"

# From a copy, so that nothing of the source tree is in reach.
cp -r "$source/examples/outside" "$work/outside"
configure() { cmake -G "${generator:-Ninja}" -S "$work/outside" -B "$work/$1" -DCMAKE_PREFIX_PATH="$work/prefix" "${@:2}" >"$work/log" 2>&1; }
configure build "${@:3}" || fail "$(cat "$work/log")"
grep -q 'CMAKE_BUILD_TYPE is not set, so it is Release' "$work/log" || fail "$(cat "$work/log")"
cmake --build "$work/build" >"$work/log" 2>&1 || fail "$(cat "$work/log")"
has_debug_sections() { readelf -S --wide "$work/$1/outside" | grep -q '\.debug_'; }
! has_debug_sections build || fail "a program has debug sections, though nobody asked for them"

# Another build than the default is only asked for, and for generators of many builds there is no default.
configure debug -DCMAKE_BUILD_TYPE=Debug "${@:3}" || fail "$(cat "$work/log")"
! grep -q 'CMAKE_BUILD_TYPE is not set' "$work/log" || fail "$(cat "$work/log")"
cmake --build "$work/debug" >"$work/log" 2>&1 || fail "$(cat "$work/log")"
has_debug_sections debug || fail "a program built as Debug has no debug sections"
generator="Ninja Multi-Config" configure many "${@:3}" || fail "$(cat "$work/log")"
! grep -q 'CMAKE_BUILD_TYPE is not set' "$work/log" || fail "$(cat "$work/log")"

export BACKLOT_HOME=$work/home
"$work/build/outside" run --numbers '[3, 4]' --quiet
sum=$("$work/prefix/bin/backlot" get Squares/last/add/sum)
mkdir -p "$work/libexec/backlot"  # beside the flow's build: anybody could have made it
echo '{"protocol": 1, "help": "", "verbs": []}' >"$work/libexec/backlot/backlot-stranger.json"
! "$work/build/outside" --help | grep -q stranger || fail "a flow looks for programs beside its own folder"
[ "$("$work/build/outside" signals --help)" = "$("$work/prefix/bin/backlot" signals --help)" ] || fail "a flow does not find the programs of the installation that it was built with"
[ "$sum" = 25 ] || fail "the sum of the squares of 3 and 4 is read back as '$sum'"

"$work/prefix/bin/backlot" serve --port 0 --no-browser --private "$work/private" >"$work/serve" &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
until [ -S "$work/private/socket" ] && answer=$(curl -sf --unix-socket "$work/private/socket" http://localhost/api/v1/runs); do sleep 0.1; done
grep -q '"flow":"Squares"' <<<"$answer" || fail "the installed server answers: $answer"

sed -i 's/COMPONENTS sdk/COMPONENTS sdk attic/' "$work/outside/CMakeLists.txt"
! configure missing "${@:3}" || fail "a room that does not exist was found"
grep -q 'has no room "attic"' "$work/log" || fail "$(cat "$work/log")"
