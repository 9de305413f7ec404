#!/usr/bin/env bash
# Builds once, runs the benchmarks, then the accuracy runner, and makes the report (report.html, README.md) of the results folder.
#   ./run-benchmarks.sh                                     the standard workloads, and training on synthetic images
#   ./run-benchmarks.sh --repeat 3                          the same, the benchmarks in three rounds: bounds between processes
#   ./run-benchmarks.sh --list-workloads                    which standard workloads there are; --workload NAME asks for one
#   ./run-benchmarks.sh --quick                             the same at its smallest, to see that all works
#   ./run-benchmarks.sh --dataset cifar10 --data-dir DIR    on real images
#   ./run-benchmarks.sh --bundle FILE.tar.zst               an archive for machines without an SDK; this script is in it too
#   ./run-benchmarks.sh --peers                             steps of TorchSharp and of PyTorch in turn, and their ratio
#   ./run-benchmarks.sh --gpu-check                         check the device: arithmetic, memory, workloads; verification.json
# --peers needs a Python with torch (PYTHON=... names one; default: python3), takes --suites (epoch, step, depth), --policies,
# --resolution, --batch-size and the like, --frameworks (pytorch, pytorch-compile) and --rounds N: ours, then N times theirs
# and ours (default 2; 4 give bounds). It trains nothing.
# --bundle measures nothing. FILE ends with .tar.zst, .tar.xz or .tar.gz; with --without-libtorch it has 60 MB, and
# FREEZEBENCH_LIBTORCH names the libtorch where it runs (bench/README.md).
# Options go to the program that knows them (both --help texts list them); one that both know goes to both.
# The accuracy runner needs real images to say anything about accuracy: on synthetic ones it only shows that training
# works. TorchBackend=cpu in the environment builds without CUDA on a machine with an NVIDIA driver.
set -euo pipefail
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"
home=$PWD
refuse() { echo "Error: $1" >&2; exit 2; }
if [[ -f bundle.json ]]; then  # in a bundle everything is built, and results go to where it was called from
  build() { :; }
  run_bench() { "$home/bench" "$@"; }
  run_accuracy() { "$home/accuracy" "$@"; }
  freezebench() { "$home/freezebench" "$@"; }
  twin=$home/lib/peers/pytorch_twin.py
  cd "$caller"
else
  build() { dotnet build -c Release -v quiet -nologo Benchmarks.sln; }
  run_bench() { dotnet run -c Release --no-build --project bench -- "$@"; }
  run_accuracy() { dotnet run -c Release --no-build --project src/FreezeBench.Accuracy -- "$@"; }
  freezebench() { dotnet run -c Release --no-build --project src/FreezeBench.Tool -- "$@"; }
  twin=bench/peers/pytorch_twin.py
fi
# CUDA's own order is "fastest first", the driver's is by bus: with one order for both, cuda:N is the GPU that is described.
export CUDA_DEVICE_ORDER=${CUDA_DEVICE_ORDER:-PCI_BUS_ID}

bench=() accuracy=() data=() dataset= given=' ' out=results quick=false only_prints=false checks=false
bundle= with_libtorch=true beside_bundle=() peers=false rounds=2 pair=() theirs_alone=() not_in_pair=()
while (($#)); do
  option=$1 value=
  shift
  [[ $option == --bundle || $option == --bundle=* || $option == --without-libtorch ]] || beside_bundle+=("$option")
  case $option in
    --help | -h) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$home/run-benchmarks.sh"; exit 0 ;;
    --auto-batch) bench+=(--auto-batch) accuracy+=(--auto-batch) not_in_pair+=(--auto-batch) given+='--auto-batch '; continue ;;
    --quick) quick=true; bench+=(--quick) pair+=(--quick); continue ;;
    --peers) peers=true; continue ;;
    --without-libtorch) with_libtorch=false; continue ;;
    --gpu-check) checks=true only_prints=true; bench+=(--gpu-check) not_in_pair+=(--gpu-check); continue ;;
    --list-workloads) only_prints=true; bench+=(--list-workloads) not_in_pair+=(--list-workloads); continue ;;
    --info | --list) only_prints=true ;;
  esac
  words=("$option")
  if [[ $option == --*=* ]]; then
    value=${option#*=} option=${option%%=*} words=("$option" "$value")
  elif (($#)) && [[ $option == -* && $1 != --* ]]; then
    value=$1 words+=("$1")
    shift
  fi
  if [[ $option == --bundle ]]; then
    bundle=${words[1]-}
    [[ -n $bundle ]] || refuse "--bundle needs the name of a file: --bundle out.tar.zst"
    [[ $bundle == /* ]] || bundle=$caller/$bundle
    continue
  fi
  # Weights that come by NuGet: the restore of the build below fetches them.
  [[ $option != --weights || $value != mlnet ]] || export PretrainedWeights=true
  # A relative path means one seen from where the script was called.
  if [[ $option == --dataset && $value == imagefolder:* && $value != imagefolder:/* ]]; then
    words[1]=imagefolder:$caller/${value#imagefolder:}
  elif [[ $option == --data-dir || $option == --out || $option == --checkpoint-dir || $option == --feature-cache || $option == --weights && $value != random && $value != imagenet* && $value != mlnet ]] \
    && [[ -n $value && $value != /* ]]; then
    words[1]=$caller/$value
  fi
  given+="$option "
  [[ $option != --out ]] || out=${words[1]-}
  case $option in
    --suites | --policies | --backbone | --network | --resolution | --batch-size | --images-per-epoch | --threads | --memory-format | --precision | --no-cudnn-autotune | --device | --iterationCount | --out)
      pair+=("${words[@]}") ;;
    --frameworks) theirs_alone+=("${words[@]}") ;;
    --rounds) rounds=${words[1]-} ;;
    *) not_in_pair+=("$option") ;;
  esac
  case $option in
    --dataset) dataset=${words[1]-} accuracy+=("${words[@]}") ;;
    --data-dir | --dataset-label) data+=("${words[@]}") accuracy+=("${words[@]}") ;;
    --policies)  # probe-then-tune is two policies in turn, which have steps and epochs of their own
      accuracy+=("${words[@]}")
      measured=$(tr , '\n' <<<"${words[1]-}" | grep -vx probe-then-tune | paste -sd, || true)
      [[ -z $measured ]] || bench+=(--policies "$measured") ;;
    --device | --backbone | --network | --kernels | --resolution | --batch-size | --threads | --memory-format | --precision | --no-cudnn-autotune | --out)
      bench+=("${words[@]}") accuracy+=("${words[@]}") ;;
    --preset | --classes | --weights | --weights-key | --epochs | --probe-epochs | --seed | --seeds | --optimizer | --schedule | --learning-rate | --learning-rate-head | \
      --learning-rate-backbone | --momentum | --weight-decay | --label-smoothing | --augmentation | --train-limit | --test-limit | --skip-unreadable | --target | \
      --deterministic | --resume | --checkpoint-dir | --feature-cache | --no-feature-cache)
      accuracy+=("${words[@]}") ;;
    *) bench+=("${words[@]}") ;;  # ours, or BenchmarkDotNet's own; the program refuses what neither knows
  esac
done
$with_libtorch || [[ -n $bundle ]] || refuse "--without-libtorch says what is in a bundle: --bundle out.tar.zst --without-libtorch"
if [[ -n $bundle ]]; then
  [[ ! -f $home/bundle.json ]] || refuse "This is a bundle; another one is made in a clone of the repository."
  [[ ${#beside_bundle[@]} == 0 ]] || refuse "--bundle makes an archive and measures nothing; it does not take ${beside_bundle[*]}."
  dotnet build -c Release -v quiet -nologo -t:Bundle src/FreezeBench.Bundle "-p:BundleFile=$bundle" -p:BundleWithLibtorch=$with_libtorch
  # In two steps: an error inside of $((...)) would not end the script but only this "if", and the benchmarks would run.
  bytes=$(stat -c %s "$bundle")
  echo "$bundle: $((bytes / 1000000)) MB"
  exit
fi
if $peers; then
  [[ ${#not_in_pair[@]} == 0 ]] || refuse "--peers does not take ${not_in_pair[*]}: both sides run on synthetic images, and only what both know can be asked for. See --help."
  [[ $rounds =~ ^[1-9][0-9]?$ ]] || refuse "--rounds is '$rounds'; it must be 1 to 99."
  python=${PYTHON:-python3}
  "$python" -c 'import torch' >/dev/null 2>&1 || refuse "--peers measures PyTorch beside TorchSharp, and '$python' has no torch.
Install it (Debian: apt-get install python3-torch; elsewhere: pip install torch), or name a Python that has it:
PYTHON=/usr/bin/python3 ./run-benchmarks.sh --peers"
  both() { [[ $given == *" $1 "* ]] || pair+=("$1" "$2"); }
  both --suites step
  both --policies fine-tune,frozen
  both --resolution 32
  both --batch-size "$($quick && echo 16 || echo 128)"
  [[ ! -f $home/bundle.json ]] || both --out "$PWD/results"
  theirs() { "$python" "$twin" "${pair[@]}" ${theirs_alone[@]+"${theirs_alone[@]}"} "$@"; }
  # A bad option should not wait for the build; and the two defaults for threads differ, so both get the same number.
  plan=$(theirs --dry-run) || exit 2
  both --threads "$(sed -n 's/^threads //p' <<<"$plan")"
  build
  ours() { echo "== TorchSharp, $1" >&2; run_bench "${pair[@]}"; }
  since=$(date -u +%Y%m%dT%H%M%SZ)
  # In turn, so that a machine that gets warmer or busier slows both sides and not one.
  ours "run 1 of $((rounds + 1))"
  for ((round = 1; round <= rounds; round++)); do
    echo "== PyTorch, run $round of $rounds" >&2
    theirs
    ours "run $((round + 1)) of $((rounds + 1))"
  done
  freezebench peers "$out" --since "$since"
  exit
fi
# What was not asked for: synthetic images in both programs, and small sets in a quick run.
default() { [[ $given == *" $1 "* ]] || accuracy+=("$1" "$2"); }
if [[ $given != *" --preset "* ]]; then default --dataset synthetic; fi
# The benchmarks' steps cost the same on all images of a size, so they know two sets only.
case $dataset in
  synthetic | cifar10) bench+=(--dataset "$dataset" ${data[@]+"${data[@]}"}) ;;
  '') [[ ${#data[@]} == 0 || $given == *" --preset "* ]] || bench+=("${data[@]}") ;;
  *) echo "The benchmarks run on synthetic images; the accuracy runner on $dataset." >&2 ;;
esac
if $quick; then
  default --train-limit 64
  default --test-limit 64
  default --batch-size 16
fi

build
# A bad option of the second program should not wait for the first one to end.
if ! $only_prints && ! complaint=$(run_accuracy "${accuracy[@]}" --dry-run 2>&1 >/dev/null); then
  echo "$complaint" >&2
  exit 2
fi
$checks && echo "== Device" >&2 || echo "== Benchmarks" >&2
run_bench ${bench[@]+"${bench[@]}"}
$only_prints && exit
echo "== Accuracy" >&2
run_accuracy "${accuracy[@]}"
echo "== Report" >&2
freezebench report "$out" --out "$out/report.html" --out "$out/README.md"
