#!/usr/bin/env bash
# ./test.sh [filter]   all tests, or those whose full name contains the filter; last line: N passed, N failed
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
filter=${1:-}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# The bus is tested against the real broker; the tests start their own node of it.
rabbitmq() { PATH="$PATH:/usr/sbin" command -v rabbitmq-server >/dev/null; }
if ! rabbitmq && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing rabbitmq-server" >&2
    # RUNLEVEL=1 keeps the package from starting a broker of its own.
    { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends rabbitmq-server; } >"$results/apt.log" 2>&1 ||
        tail -n 5 "$results/apt.log" >&2
fi
rabbitmq || echo "missing: rabbitmq-server (the tests of the bus will fail; install it with your system's package manager)" >&2

# Studio is tested in a real browser.
chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
if ! chromium && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing chromium" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >"$results/apt.log" 2>&1 ||
        tail -n 5 "$results/apt.log" >&2
fi
chromium || echo "missing: chromium (the tests in a browser will fail; install it with your system's package manager)" >&2

if ! dotnet build LeadSens.sln -c Release -v q -clp:ErrorsOnly --nologo; then
    echo "the build failed"
    echo "0 passed, 1 failed"
    exit 1
fi

passed=0 failed=0 skipped=0
count() { sed -n "s/.*<Counters .*\b$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1; }
for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    report="$results/$name.trx"
    echo "== $name"
    dotnet test "$project" -c Release --no-build --nologo -v q --logger "trx;LogFileName=$report" --logger "console;verbosity=minimal" \
        ${filter:+--filter "FullyQualifiedName~$filter"} || true
    if [ -f "$report" ]; then
        passed=$((passed + $(count passed "$report")))
        failed=$((failed + $(count failed "$report")))
        skipped=$((skipped + $(count notExecuted "$report")))
    elif [ -z "$filter" ]; then
        echo "$name left no report: its run crashed"
        failed=$((failed + 1))
    fi
done

summary="$passed passed, $failed failed"
[ "$skipped" = 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$failed" = 0 ] && [ $((passed + skipped)) -gt 0 ]
