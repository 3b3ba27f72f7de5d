#!/usr/bin/env bash
# ./bench.sh                                     lists the scenarios
# ./bench.sh campaign [--leads N] [--latency MS] [--limits] [--json]
# ./bench.sh engine-flow|engine-js|engine-host|engine-suspend|engine-resume [--instances N] [--json]
# ./bench.sh auth [--reads N] [--refreshes N] [--logins N] [--revocations N] [--json]
# ./bench.sh neighbours [--seconds N] [--leads N] [--attacks loops,reads,…] [--json]
# ./bench.sh watchers [--watchers N] [--leads N] [--seconds N] [--json]
# ./bench.sh engine-scale [--most N] | engine-timers [--pending N] [--due N] [--json]
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build bench/LeadSens.Bench -c Release -v q -clp:ErrorsOnly --nologo >&2
exec dotnet bench/LeadSens.Bench/bin/Release/net10.0/LeadSens.Bench.dll "$@"
