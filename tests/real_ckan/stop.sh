#!/usr/bin/env bash
# Ends what tests/real_ckan/start.sh FOLDER started, the last first; what was installed is kept.
set -u
[ -f "$1/run/pids" ] || exit 0
tac "$1/run/pids" | while read -r pid; do kill "$pid" 2>/dev/null; done
rm -f "$1/sites.json" "$1/run/pids"
