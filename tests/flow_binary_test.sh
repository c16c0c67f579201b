#!/usr/bin/env bash
# What a flow's program carries: flow_binary_test.sh <program>
# It is kept with its runs and started for each task, so it has the engine and nothing else: no HTTP server or client, no
# domain library, and of shared libraries only what every program has.
set -euo pipefail
program=$1
fail() { echo "flow_binary_test: $*" >&2; exit 1; }

symbols=$(nm --demangle "$program")
grep -q 'backlot::Scheduler::' <<<"$symbols" || fail "$program has no symbols to look at"
strangers='boost::(asio|beast)|httplib::|\bcurl_|\bSSL_CTX_new\b'
domains=$(grep -oE '^The domain libraries so far: [^.]*' "$(dirname "$0")/../docs/architecture.md" | grep -oE '`[a-z]+`' | tr -d '`' | paste -sd'|')
[ -n "$domains" ] || fail "docs/architecture.md names no domain"
found=$(grep -E "$strangers|backlot::($domains|server)::" <<<"$symbols" | head -5 || true)
[ -z "$found" ] || fail "$program carries what no flow needs:
$found"

libraries=$(ldd "$program" | awk '{ sub(".*/", "", $1); print $1 }' | grep -vE '^(linux-vdso|libc|libm|ld-linux-[a-z0-9-]+)\.so\.[0-9]+$' || true)
[ -z "$libraries" ] || fail "$program needs shared libraries: $libraries"
echo "$program carries the engine alone"
