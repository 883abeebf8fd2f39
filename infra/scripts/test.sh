#!/usr/bin/env bash
# Everything that must hold before a change is merged: packages, format, build without warnings, all tests against
# private servers. The last lines are the test runner's own; the servers stop silently whatever happens.
#
#   test.sh [ARGUMENT...]     arguments for 'swift test', for example: --filter StoreTests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

servers=$PWD/.pabean/test
result=0

mkdir -p .pabean
exec 8>.pabean/test.lock
flock --nonblock 8 || { echo "test.sh: another run is under way in this directory" >&2 && exit 75; }

# shellcheck disable=SC2317  # called by the trap
stop_servers() {
  # The shared servers, and those that interrupted tests had started for themselves. They hold nothing worth an
  # orderly end.
  local directory
  for directory in "$servers"/own/* "$servers"; do
    infra/scripts/servers.sh kill-broker "$directory" >/dev/null 2>&1 || true
    infra/scripts/servers.sh stop "$directory" >/dev/null 2>&1 || true
  done
}

infra/scripts/packages.sh
infra/scripts/lint.sh || result=$?
swift build --build-tests

trap stop_servers EXIT
watcher=
trap 'kill "$watcher" 2>/dev/null; exit 130' INT
trap 'kill "$watcher" 2>/dev/null; exit 143' TERM
# What an earlier run left behind may be broken, or full.
stop_servers && rm -rf "$servers"
# Without the lock: servers outlive a run that is killed, and must not hold up the next.
infra/scripts/servers.sh start "$servers" --fsync=off --management --env-prefix=PABEAN_TEST 8>&-
# shellcheck source=/dev/null
. "$servers/env"
if PABEAN_TEST_PYTHON=$(infra/scripts/python-env.sh); then export PABEAN_TEST_PYTHON; else unset PABEAN_TEST_PYTHON; fi
# Public data to measure against, which is no part of the repository: where it is absent those tests are skipped.
data=${PABEAN_SHARED_DATA:-$PWD/../shared/data}
if [[ -d $data ]]; then export PABEAN_SHARED_DATA=$data; else unset PABEAN_SHARED_DATA; fi

# No test is silent for so long. A run that is was ended, and is made once more: what it showed says why.
silence_seconds=${PABEAN_TEST_SILENCE_SECONDS:-300}

run() {
  local status=0 command=(stdbuf --output=L swift test --skip-build --disable-xctest --parallel)
  local begin=$(($(wc -l <.pabean/test.log) + 1))
  watch "${command[@]}" "$@" || status=$?
  if ((status == 75)); then
    status=0
    echo "test.sh: the run stood still, and is made once more"
    begin=$(($(wc -l <.pabean/test.log) + 1))
    watch "${command[@]}" "$@" || status=$?
  fi
  if ((status)) && passes_alone "$begin"; then status=0; fi
  ((status == 0)) || result=$status
}

# A test or two of thousands that failed in company and pass alone are unsteady: a defect to be mended, which is said
# aloud, but nothing against the change. What fails twice fails.
passes_alone() {
  local failed tests
  failed=$(tail --lines="+$1" .pabean/test.log |
    sed -nE 's/^✘ Test "(.*)" (with [0-9]+ test cases? )?failed after .*/\1/p' | sort -u)
  tests=$(wc -l <<<"$failed")
  [[ $failed ]] && ((tests <= 2)) || return 1
  printf 'test.sh: made once more, alone:\n  %s\n' "${failed//$'\n'/$'\n'  }"
  local name pattern=
  while read -r name; do pattern+="${pattern:+|}$(identifier "$name")"; done <<<"$failed"
  watch "${command[@]}" --filter "$pattern" || return 1
  local passed
  passed=$(tail -n 1 .pabean/test.log | sed -nE 's/^✔ Test run with ([0-9]+) tests? .*/\1/p')
  ((${passed:-0} >= tests)) || return 1
  unsteady+="  ${failed//$'\n'/$'\n'  }"$'\n'
}

# What the runner finds a test by: the function below its name, or the name where that is the function's.
identifier() {
  local function
  function=$(grep -rhF -A 6 "\"$1\"" Tests --include='*.swift' | sed -nE 's/^ *func ([A-Za-z0-9_]+)\(.*/\1/p' | head -n 1)
  if [[ $function ]]; then echo "/$function\\("; else sed -E 's/[^[:alnum:] ]+/.+/g' <<<"$1"; fi
}

# Not in the foreground, where a signal would have to wait for it.
watch() {
  infra/scripts/watched.sh .pabean/test.log "$silence_seconds" "$@" &
  watcher=$!
  wait "$watcher"
}

unsteady=
: >.pabean/test.log
if (($#)); then
  run "$@"
else
  # Whoever computes for seconds keeps the threads from those who must answer in time: the former go first, alone.
  computing='ClassifierTests|ClassifyTests|NamesTests|ComplianceScreeningTests'
  run --filter "$computing"
  run --skip "$computing"
fi
# Whoever reads only the end of a long log reads what failed, and then the closing line once more.
if [[ $unsteady ]]; then
  printf 'test.sh: unsteady, failed in company and passed alone:\n%s' "$unsteady"
  tail -n 1 .pabean/test.log
fi
if ((result)); then
  grep --extended-regexp '^✘ .* recorded an issue' .pabean/test.log | head -n 40 | cut -c 1-400 || true
  tail -n 1 .pabean/test.log
fi
exit "$result"
