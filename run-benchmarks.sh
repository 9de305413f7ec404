#!/usr/bin/env bash
# Builds once, runs the benchmarks, then the accuracy runner, and says where the results are.
#   ./run-benchmarks.sh                                     everything on synthetic images, sizes by the device
#   ./run-benchmarks.sh --quick                             the same at its smallest, to see that all works
#   ./run-benchmarks.sh --dataset cifar10 --data-dir DIR    on real images
# Options go to the program that knows them (both --help texts list them); one that both know goes to both.
# The accuracy runner needs real images to say anything about accuracy: on synthetic ones it only shows that training
# works. TorchBackend=cpu in the environment builds without CUDA on a machine with an NVIDIA driver.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# CUDA's own order is "fastest first", the driver's is by bus: with one order for both, cuda:N is the GPU that is described.
export CUDA_DEVICE_ORDER=${CUDA_DEVICE_ORDER:-PCI_BUS_ID}

bench=() accuracy=() quick=false dataset=synthetic
while (($#)); do
  option=${1%%=*}
  case $option in
    --help | -h) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;;
    --quick) quick=true; bench+=("$1"); shift; continue ;;
  esac
  values=("$1")
  if [[ $1 == -* && $1 != *=* && $# -gt 1 && $2 != --* ]]; then values+=("$2"); shift; fi
  shift
  [[ $option == --dataset ]] && dataset=${values[1]:-${values[0]#*=}}
  case $option in
    --device | --backbone | --policies | --dataset | --data-dir | --dataset-label | --resolution | --batch-size | --threads | --memory-format | --out)
      bench+=("${values[@]}") accuracy+=("${values[@]}") ;;
    --epochs | --seed | --learning-rate | --momentum | --weight-decay | --train-limit | --test-limit)
      accuracy+=("${values[@]}") ;;
    *) bench+=("${values[@]}") ;;  # ours, or BenchmarkDotNet's own; the program refuses what neither knows
  esac
done
[[ " ${accuracy[*]-} " == *" --dataset"* ]] || accuracy+=(--dataset "$dataset")
# Later options would be refused as given twice: only what was not asked for is made small.
if $quick; then
  [[ " ${accuracy[*]} " == *" --train-limit"* ]] || accuracy+=(--train-limit 64)
  [[ " ${accuracy[*]} " == *" --test-limit"* ]] || accuracy+=(--test-limit 64)
  [[ " ${accuracy[*]} " == *" --batch-size"* ]] || accuracy+=(--batch-size 16)
fi

dotnet build -c Release -v quiet -nologo Benchmarks.sln
echo "== Benchmarks" >&2
dotnet run -c Release --no-build --project bench -- ${bench[@]+"${bench[@]}"}
echo "== Accuracy" >&2
dotnet run -c Release --no-build --project src/FreezeBench.Accuracy -- "${accuracy[@]}"
