#!/usr/bin/env bash
# Creates a Python environment once, and prints its interpreter.
#
#   python-env.sh [DIR [REQUIREMENTS]]      default: .pabean/python, of the outside judges (judges.txt)
set -euo pipefail

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
environment=${1:-$scripts/../../.pabean/python}
requirements=${2:-$scripts/judges.txt}
mkdir -p "$environment"
environment=$(cd "$environment" && pwd -P)
log=$environment.log

if ! cmp -s "$requirements" "$environment/requirements.txt"; then
  echo "python-env.sh: preparing $environment" >&2
  if ! /usr/bin/python3 -m venv --clear "$environment" >"$log" 2>&1 ||
    ! "$environment/bin/pip" install --disable-pip-version-check --quiet --requirement "$requirements" \
      </dev/null >>"$log" 2>&1; then
    echo "python-env.sh: could not prepare it; see $log" >&2
    tail -n 5 "$log" >&2
    exit 69
  fi
  # Copied last: an environment without it is incomplete and will be made anew.
  cp "$requirements" "$environment/requirements.txt"
fi
echo "$environment/bin/python"
