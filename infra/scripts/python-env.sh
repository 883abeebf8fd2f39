#!/usr/bin/env bash
# Creates the Python environment of the outside judges (judges.txt) once, and prints its interpreter.
#
#   python-env.sh [DIR]      default: .pabean/python
set -euo pipefail

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
environment=${1:-$scripts/../../.pabean/python}
mkdir -p "$environment"
environment=$(cd "$environment" && pwd -P)
log=$environment.log

if ! cmp -s "$scripts/judges.txt" "$environment/judges.txt"; then
  echo "python-env.sh: preparing the outside judges in $environment" >&2
  if ! /usr/bin/python3 -m venv --clear "$environment" >"$log" 2>&1 ||
    ! "$environment/bin/pip" install --disable-pip-version-check --quiet --requirement "$scripts/judges.txt" \
      </dev/null >>"$log" 2>&1; then
    echo "python-env.sh: could not prepare them; see $log" >&2
    tail -n 5 "$log" >&2
    exit 69
  fi
  # Copied last: an environment without it is incomplete and will be made anew.
  cp "$scripts/judges.txt" "$environment/judges.txt"
fi
echo "$environment/bin/python"
