#!/usr/bin/env bash
# Runs a test runner with its output in a log, and shows what is added there but for the lines that only say that a
# test has begun. A runner that says nothing for too long waits for what never comes: it is ended with its children,
# after the tests that have no end and the places where its threads stand are shown.
#
#   watched.sh LOG SILENCE_SECONDS COMMAND [ARGUMENT...]
#
# Exits as the command does, or with 75 when it was ended. A runner that has said how its tests went and only does not
# end counts as it said.
set -euo pipefail

log=$1 silence_seconds=$2
shift 2

descendants() {
  local child
  for child in $(pgrep --parent "$1"); do
    echo "$child"
    descendants "$child"
  done
}

# The tests of a log on the standard input that began and did not end.
unended() {
  awk '
    match($0, /Test .* (started|passed after|failed after|skipped)/) && !/Test (case|run) / {
      name = substr($0, RSTART, RLENGTH)
      isEnd = sub(/ (passed after|failed after|skipped)$/, "", name)
      if (isEnd) { delete begun[name] } else { sub(/ started$/, "", name); begun[name] = 1 }
    }
    END { for (name in begun) print "  " name }'
}

stacks() {
  local thread
  echo "process $1: $(tr '\0' ' ' <"/proc/$1/cmdline" | cut -c 1-200)"
  for thread in "/proc/$1/task"/*; do
    echo "  $(<"$thread/comm") $(<"$thread/wchan") $(cut -d ' ' -f 1-3 <"$thread/syscall")"
  done
  timeout 60 gdb --batch --nx -p "$1" -ex 'set print frame-arguments none' -ex 'thread apply all backtrace 24' 2>&1 |
    grep -E '^(Thread|#)' | cut -c 1-200 || true
}

end_silent() {
  local pids
  pids="$1 $(descendants "$1")"
  echo "watched.sh: nothing was heard for $silence_seconds s; these tests have begun and not ended:"
  tail --lines="+$begin" "$log" | unended
  # In a shell of its own each: a process that is gone by now must not end this one.
  for pid in $pids; do (stacks "$pid") 2>/dev/null || true; done
  # shellcheck disable=SC2086  # one argument a pid
  kill -KILL $pids 2>/dev/null || true
}

begin=$(($(wc -l <"$log") + 1))
"$@" </dev/null >>"$log" 2>&1 &
runner=$!
# shellcheck disable=SC2046  # one argument a pid
trap 'kill -TERM "$runner" $(descendants "$runner") 2>/dev/null; exit 143' TERM INT
tail --lines="+$begin" --follow --pid="$runner" "$log" | sed -u '/^◇/d' &
shown=$!
while sleep 2 && kill -0 "$runner" 2>/dev/null; do
  if (($(date +%s) - $(stat --format=%Y "$log") > silence_seconds)); then
    end_silent "$runner"
    break
  fi
done
status=0
wait "$runner" 2>/dev/null || status=$?
wait "$shown" || true
# Killed: by this script, or by whoever else must have had a reason to.
if ((status == 137)); then
  case $(tail --lines="+$begin" "$log" | grep -E '^(✔|✘) Test run with ' | tail -n 1) in
    ✔*) status=0 ;;
    ✘*) status=1 ;;
    *) status=75 ;;
  esac
fi
exit "$status"
