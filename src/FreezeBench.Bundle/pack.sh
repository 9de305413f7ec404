#!/usr/bin/env bash
# pack.sh FOLDER FILE SECONDS COMPRESSOR...: the folder as an archive whose bytes depend on its content alone.
set -euo pipefail
folder=${1%/} file=$2 time=$3
shift 3
mkdir -p "$(dirname "$file")"
trap 'rm -f "$file.part"' EXIT
# Sorted, without owners, with one date and one mode: files that are links into the package cache cannot be given a mode of their own
# before. Links among the files themselves become files. Into another name first, since half an archive must not look like one.
LC_ALL=C tar --create --format=gnu --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner --mode=u=rwx,go=rx \
  --hard-dereference --directory="$(dirname "$folder")" --file=- "$(basename "$folder")" | "$@" >"$file.part"
mv "$file.part" "$file"
