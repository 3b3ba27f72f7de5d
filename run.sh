#!/usr/bin/env bash
# ./run.sh [--port P] [--no-build]                                          Server, embedded PostgreSQL and Sandbox
# ./run.sh demo [--leads N] [--seed S] [--auto-approve] [--json] [--no-build]   one campaign to its end, in the terminal
# ./run.sh sandbox [--port P] [--no-build]                                  the Sandbox alone
# ./run.sh rotate-keys [--no-build]                                         seals all secrets again with LeadSens__EncryptionKey
set -euo pipefail
cd "$(dirname "$0")"
# The framework's default is Production, which refuses everything that only a demo has.
export ASPNETCORE_ENVIRONMENT="${ASPNETCORE_ENVIRONMENT:-${DOTNET_ENVIRONMENT:-Development}}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command=server
case "${1:-}" in
    demo | sandbox | rotate-keys) command=$1; shift ;;
    -h | --help) sed -n '2,5s/^# //p' "$0"; exit 0 ;;
esac

port= build=true rest=()
while [ $# -gt 0 ]; do
    case "$1" in
        --port) port=${2:?--port needs a number}; shift ;;
        --port=*) port=${1#--port=} ;;
        --no-build) build=false ;;
        *) rest+=("$1") ;;
    esac
    shift
done
if [ "$command" != demo ] && [ ${#rest[@]} -gt 0 ]; then
    echo "unknown argument: ${rest[0]} (see ./run.sh --help)" >&2
    exit 2
fi

# What the build prints goes to standard error: standard output belongs to the command (the demo's JSON).
if $build; then dotnet build src/LeadSens.Demo -c Release -v q -clp:ErrorsOnly --nologo >&2; fi

assembly() { echo "src/$1/bin/Release/net10.0/$1.dll"; }
case "$command" in
    server) exec dotnet "$(assembly LeadSens.Server)" --urls "http://127.0.0.1:${port:-5080}" ;;
    rotate-keys) exec dotnet "$(assembly LeadSens.Server)" rotate-keys ;;
    sandbox) exec dotnet "$(assembly LeadSens.Sandbox)" --port "${port:-5090}" ;;
    demo) exec dotnet "$(assembly LeadSens.Demo)" ${port:+--port "$port"} ${rest[@]+"${rest[@]}"} ;;
esac
