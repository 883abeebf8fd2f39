#!/usr/bin/env bash
# Installs the Debian packages that are missing, and nothing when none is.
#
#   packages.sh [build] [run] [test] [bench]     default: the first three; 'packages.sh list GROUP...' prints the names
#
# build and run packages must be there afterwards. test packages are outside judges: where one cannot be had, the
# tests that need it are reported as skipped, and gdb says where a test hangs. bench packages are what Pabean is set beside.
set -euo pipefail

readonly build=(
  pkg-config librabbitmq-dev libpq-dev libcurl4-openssl-dev libssl-dev libpango1.0-dev libcairo2-dev
  libargon2-dev libicu-dev
)
readonly run=(postgresql rabbitmq-server fonts-noto-core fonts-noto-cjk poppler-utils)
readonly policy=/usr/sbin/policy-rc.d aside=/usr/sbin/policy-rc.d.before-pabean
readonly test=(python3-venv qpdf amqp-tools prometheus libxml2-utils curl shellcheck chromium gdb)
readonly bench=(python3-venv fasttext)

main() {
  local list=0
  if [[ ${1-} == list ]]; then list=1 && shift; fi
  [[ $# -gt 0 ]] || set -- build run test
  local group needed=() wanted=()
  for group in "$@"; do
    case $group in
      build) needed+=("${build[@]}") ;;
      run) needed+=("${run[@]}") ;;
      test) wanted+=("${test[@]}") ;;
      bench) wanted+=("${bench[@]}") ;;
      *) fail 64 "unknown group '$group'; there are build, run, test and bench" ;;
    esac
  done
  if ((list)); then printf '%s\n' "${needed[@]}" "${wanted[@]}" | grep . && return; fi

  command -v dpkg-query >/dev/null || fail 69 "this is not Debian; the packages needed are: ${needed[*]} ${wanted[*]}"
  local missing_needed missing_wanted
  mapfile -t missing_needed < <(missing "${needed[@]}")
  mapfile -t missing_wanted < <(missing "${wanted[@]}")
  [[ $((${#missing_needed[@]} + ${#missing_wanted[@]})) -gt 0 ]] || return 0
  install_missing
}

install_missing() {
  echo "packages.sh: installing" "${missing_needed[@]}" "${missing_wanted[@]}"
  become_root
  forbid_service_starts
  "${as_root[@]}" apt-get update -qq || echo "packages.sh: apt-get update failed; trying with the lists at hand" >&2
  if ! apt_install "${missing_needed[@]}" "${missing_wanted[@]}"; then
    apt_install "${missing_needed[@]}" || fail 69 "could not install: ${missing_needed[*]}"
    apt_install "${missing_wanted[@]}" || echo "packages.sh: could not install (tests only): ${missing_wanted[*]}" >&2
  fi
}

missing() {
  [[ $# -gt 0 ]] || return 0
  local installed
  # Asks about all at once; names that dpkg has never heard of are an error that the comparison below answers.
  installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed //p') || true
  comm -23 <(printf '%s\n' "$@" | sort) <(sort <<<"$installed")
}

apt_install() {
  [[ $# -gt 0 ]] || return 0
  local log
  log=$(mktemp)
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "$@" </dev/null >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    rm "$log"
    return 1
  fi
  rm "$log"
}

# Debian starts a server as soon as it is installed, unless this policy answers 101. Pabean runs its own, privately.
forbid_service_starts() {
  # A file set aside already is the original: an earlier run was cut short.
  if [[ -e $policy && ! -e $aside ]]; then "${as_root[@]}" mv "$policy" "$aside"; fi
  trap allow_service_starts EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
}

allow_service_starts() {
  "${as_root[@]}" rm -f "$policy"
  if [[ -e $aside ]]; then "${as_root[@]}" mv "$aside" "$policy"; fi
}

become_root() {
  as_root=()
  [[ $EUID -eq 0 ]] && return
  command -v sudo >/dev/null ||
    fail 77 "neither root nor sudo; as root run: apt-get install" "${missing_needed[@]}" "${missing_wanted[@]}"
  as_root=(sudo)
}

fail() {
  local code=$1
  shift
  echo "packages.sh:" "$@" >&2
  exit "$code"
}

main "$@"
