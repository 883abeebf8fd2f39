#!/usr/bin/env bash
# Everything that must hold before a change is merged: packages, format, build without warnings, all tests against
# private servers. The last lines are the test runner's own; the servers stop silently whatever happens.
#
#   test.sh [ARGUMENT...]     arguments for 'swift test', for example: --filter StoreTests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

servers=$PWD/.pabean/test
result=0

# shellcheck disable=SC2317  # called by the trap
stop_servers() {
  # The test servers hold nothing worth an orderly end, and the next start recovers.
  infra/scripts/servers.sh kill-broker "$servers" >/dev/null 2>&1 || true
  infra/scripts/servers.sh stop "$servers" >/dev/null 2>&1 || true
}

infra/scripts/packages.sh
infra/scripts/lint.sh || result=$?
swift build --build-tests

trap stop_servers EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
infra/scripts/servers.sh start "$servers" --fsync=off --management --env-prefix=PABEAN_TEST
# shellcheck source=/dev/null
. "$servers/env"
if PABEAN_TEST_PYTHON=$(infra/scripts/python-env.sh); then export PABEAN_TEST_PYTHON; else unset PABEAN_TEST_PYTHON; fi
export PABEAN_SHARED_DATA=${PABEAN_SHARED_DATA:-$PWD/../shared/data}

swift test --skip-build --disable-xctest --parallel "$@" </dev/null || result=$?
exit "$result"
