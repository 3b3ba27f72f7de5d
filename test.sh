#!/usr/bin/env bash
# ./test.sh [filter]   all tests, or those whose full name contains the filter; last line: N passed, N failed
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
filter=${1:-}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# What the tests run against: the real broker (they start their own node of it), and a real browser for Studio. `type -P` asks for a
# program only, never for a function of this script.
has() {
    case $1 in
        rabbitmq-server) PATH="$PATH:/usr/sbin" type -P rabbitmq-server ;;
        chromium) type -P chromium || type -P chromium-browser || type -P google-chrome ;;
        node) type -P node ;;
        npm) type -P npm ;;
        dotnet) type -P dotnet ;;
    esac >/dev/null
}
stop() {
    echo "missing: $1"
    echo "0 passed, 1 failed"
    exit 1
}
has dotnet || stop "the .NET 10 SDK (dotnet is not on the PATH)"
{ has node && has npm; } || stop "Node.js 20 or later (node and npm are not on the PATH)"
node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || stop "Node.js 20 or later (this is $(node --version))"

needed=()
for package in rabbitmq-server chromium; do has "$package" || needed+=("$package"); done
if [ ${#needed[@]} -gt 0 ]; then
    [ "$(id -u)" = 0 ] && type -P apt-get >/dev/null ||
        stop "${needed[*]} (install with your system's package manager; ./test.sh does it by itself only as root with apt-get)"
    echo "installing with apt-get: ${needed[*]}"
    # RUNLEVEL=1 keeps the package from starting a broker of its own.
    { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}"; } >"$results/apt.log" 2>&1 ||
        stop "${needed[*]} (apt-get could not install: $(grep -E '^(E|W):' "$results/apt.log" | tail -n 1))"
    for package in "${needed[@]}"; do has "$package" || stop "$package (apt-get said that it installed it, but it is not on the PATH)"; done
fi

# What the API document is held against.
tools=tests/api-document
if ! [ "$tools/node_modules/.fetched" -nt "$tools/package-lock.json" ]; then
    echo "installing with npm: $(node -p "Object.keys(require('./$tools/package.json').devDependencies).join(' ')")"
    (cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.fetched) >"$results/npm.log" 2>&1 ||
        stop "the npm packages of $tools (npm could not install: $(grep -m 1 'npm error' "$results/npm.log" || tail -n 1 "$results/npm.log"))"
fi

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
