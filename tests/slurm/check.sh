#!/usr/bin/env bash
# A matrix of 12 cells on a real Slurm of four nodes (cluster.sh): one node is killed and one cell requeued in the middle, and the merge is killed
# too. Every cell must be in the merged rows once. Takes a checkout that was built (dotnet build -c Release), root, a C compiler and Debian's packages.
#   tests/slurm/check.sh [FOLDER OF A BUNDLE OR OF A BUILT CHECKOUT]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
programs=${1:-$root}
# shellcheck source=cluster.sh
. "$here/cluster.sh"
# What is tested is the matrix, not libtorch's speed: four nodes share the cores of one machine.
export OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=0

scratch=$(mktemp -d)
# Its name has what a shell, Slurm and its file name patterns take apart.
shared="$scratch/the team's 100 % shared folder"
mkdir "$shared"
fail() {
  echo "FAILED: $1" >&2
  tail -n 20 "$out"/jobs/*/*.log "$scratch/cluster/log/slurmctld.log" >&2 2>/dev/null || true
  [[ -z ${requeued:-} ]] || tail -n 40 "$out/cells/$requeued"/*/log.txt >&2 || true
  exit 1
}
trap 'cluster_down; rm -rf "$scratch"' EXIT
freezebench() {
  if [[ -x $programs/freezebench ]]; then "$programs/freezebench" "$@"; else dotnet "$programs/src/FreezeBench.Tool/bin/Release/net10.0/FreezeBench.Tool.dll" "$@"; fi
}
file=$shared/small.json out=$shared/small
matrix() { local verb=$1; shift; freezebench matrix "$verb" "$file" "$@"; }

# The shared folder is one without locks, as far as the cells can tell.
cc -shared -fPIC -Wall -Werror -o "$scratch/no_locks.so" "$here/no_locks.c"

epochs=12
cat >"$file" <<JSON
{
  "name": "small",
  "setup": ["export LD_PRELOAD=$scratch/no_locks.so"],
  "nodes": [
    { "name": "big", "gres": "gpu:big:1", "device": "cpu", "exclusive": true, "time_limit": "00:10:00" },
    { "name": "small", "gres": "gpu:small:1", "constraint": "slow", "device": "cpu", "sbatch": ["--nice=0"] }
  ],
  "cells": [
    { "program": "accuracy", "datasets": ["synthetic"], "policies": ["frozen"], "resolutions": [16], "batch_sizes": [4], "seeds": [1, 2, 3, 4, 5],
      "options": { "epochs": $epochs, "train-limit": 64, "test-limit": 8, "threads": 1 } },
    { "networks": ["resnet18"], "policies": ["frozen-cached"], "resolutions": [16], "batch_sizes": [4],
      "options": { "quick": true, "suites": "step", "filter": "*StepSuite.Step*", "images-per-epoch": 8, "threads": 1 } }
  ]
}
JSON

started=$SECONDS
cluster_up "$scratch/cluster"
echo "== Four nodes after $((SECONDS - started)) s"
matrix plan | tee "$scratch/plan"
[[ $(grep -c unknown <<<"$(head -n 12 "$scratch/plan")") == 12 ]] || fail "12 cells were expected."
matrix submit --programs "$programs"
[[ $(matrix submit --programs "$programs") == "Nothing to submit"* ]] || fail "A second submit submitted cells twice."

# The task of a training that has a row of an epoch, on a kind of node: JOB_TASK CELL.
training() {
  local job node cell
  while read -r job node; do
    cell=$(sed -n "${job#*_}p" "$out"/jobs/*/"$2.cells")
    if [[ $cell == *accuracy* && $node == $1 ]] && cat "$out/cells/$cell"/*.part/results/*/accuracy.csv 2>/dev/null | grep -q frozen; then
      echo "$job $cell"
      return
    fi
  done < <(squeue --noheader --array --states=RUNNING --name="small-$2" --format='%i %N')
  return 1
}
wait_until 60 training 'b?' small >"$scratch/requeued" || fail "No training on a small node came to its first epoch."
read -r task requeued <"$scratch/requeued"
scontrol requeue "$task"
echo "== Requeued $requeued ($task)"
wait_until 60 training a1 big >"$scratch/killed" || fail "No training on a1 came to its first epoch."
read -r task killed <"$scratch/killed"
kill_node a1
[[ ${#held[@]} == 1 ]] || fail "One step was expected on a1, found: ${held[*]}"
echo "== Killed the node a1, on which $killed ($task) goes on"
matrix status | tee "$scratch/status"
grep -q 'running ' "$scratch/status" || fail "The status names no running cell."
wait_until 60 node_is_lost a1 || fail "Slurm does not miss the node a1: $(sinfo --Node)"
steps_go_on

merged() { grep -q 'COMPLETED\|FAILED' < <(grep 'Name=small-merge' "$scratch/cluster/log/jobs.txt" 2>/dev/null); }
wait_until 300 merged || fail "The merge did not end: $(squeue)"
grep -q 'JobState=COMPLETED' < <(grep 'Name=small-merge' "$scratch/cluster/log/jobs.txt") || fail "The merge failed: $(cat "$out"/jobs/*/merge-*.log)"
echo "== Merged after $((SECONDS - started)) s"
matrix status >"$scratch/status" || fail "The status says that a cell failed."
grep -q '^12 cells: 12 done' "$scratch/status" || fail "Not all cells are done: $(cat "$scratch/status")"

# Every cell once: ten trainings of all their epochs, and two benchmarks.
each_once() {
  local folder=$1 runs rows
  runs=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 && $at["status"] == "finished" { print $at["run_id"] }' "$folder"/*/runs.csv | sort)
  [[ $(wc -l <<<"$runs") == 10 && $(uniq <<<"$runs" | wc -l) == 10 ]] || fail "Ten finished trainings were expected: $runs"
  for seed in 1 2 3 4 5; do
    [[ $(awk -F, -v seed=$seed 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 && $at["status"] == "finished" && $at["seed"] == seed' "$folder"/*/runs.csv | wc -l) == 2 ]] || fail "Seed $seed must be there for both kinds of node."
  done
  rows=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 { print $at["run_id"], $at["epoch"] }' "$folder"/*/accuracy.csv | sort)
  [[ $(wc -l <<<"$rows") == $((10 * epochs)) && $(uniq <<<"$rows" | wc -l) == $((10 * epochs)) ]] || fail "$((10 * epochs)) epochs were expected, each once: $(wc -l <<<"$rows"), $(uniq <<<"$rows" | wc -l) of them different"
  [[ $(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 { print $at["run_id"] }' "$folder"/*/benchmarks.csv | sort -u | wc -l) == 2 ]] || fail "Two benchmarks were expected."
  grep -q '<svg' "$folder/report.html" || fail "The report has no plot."
  freezebench check "$folder" || fail "The merged rows are not sound."
}
each_once "$out/results"
[[ $(grep -c '"' "$out/results/.cells.json") == 12 ]] || fail "12 attempts were expected: $(cat "$out/results/.cells.json")"
[[ $(find "$out/cells/$requeued" -mindepth 1 -maxdepth 1 -type d | wc -l) -ge 2 ]] || fail "The requeued cell has one attempt."
grep -q '"resumed_from": "' "$out/cells/$requeued"/*/attempt.json || fail "The requeued training did not go on where it was."
grep -q 'restart 0' "$out"/jobs/*/big-*_"${task#*_}.log" && grep -q 'restart 1' "$out"/jobs/*/big-*_"${task#*_}.log" || fail "The cell of the lost node was not given to another one."

# What a node that was thought dead finishes later changes nothing, nor does a merge that is killed.
ended() { [[ -z $(find "$out/cells" -name '*.part') || -z $(left_over) ]]; }
wait_until 30 ended || fail "The lost node's cell did not end."
cp -r "$out/results" "$scratch/first"
[[ $(matrix merge) == "Nothing new"* ]] || fail "The same cells were merged anew: $(find "$out/cells" -name attempt.json | sort)"
rm -r "$out/results"
unfinished() { find "$out" -maxdepth 1 -name '.results-*'; }
killed_merge=
for ((try = 0; try < 5; try++)); do
  matrix merge >"$scratch/merge" 2>&1 &
  merge=$!
  begun() { [[ -n $(unfinished) ]] || ! kill -0 "$merge" 2>/dev/null; }
  wait_until 30 begun
  # freezebench is a function here, so its process is the child of the job's shell.
  for process in $(pgrep -P "$merge" || true) "$merge"; do kill -KILL "$process" 2>/dev/null || true; done
  wait "$merge" 2>/dev/null || true
  if [[ ! -e $out/results ]]; then killed_merge=1; break; fi
  rm -r "$out/results"
done
[[ -n $killed_merge ]] || fail "No merge could be killed before its end."
matrix merge | tee "$scratch/merge"
diff -r "$scratch/first" "$out/results" || fail "The merge after the killed one made something else."
each_once "$out/results"
[[ -z $(unfinished) ]] || fail "The killed merge left $(unfinished)."
matrix status | tail -n 1
echo "== Slurm: 12 cells of 12, each once, after $((SECONDS - started)) s"
