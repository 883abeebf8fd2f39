#!/usr/bin/env bash
# House format of the Swift sources and soundness of the shell scripts. Prints nothing when all is well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

result=0
swift format lint --strict --recursive --parallel Package.swift Shared Services Tests || result=1
if command -v shellcheck >/dev/null; then shellcheck infra/*/*.sh infra/docker/healthcheck .ci/run || result=1; fi
((result == 0)) || echo "lint: failed; 'make format' mends most of it" >&2
exit "$result"
