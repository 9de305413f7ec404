#!/usr/bin/env bash
# A cluster of Slurm on this one machine, as root, without systemd and cgroups: source it, then cluster_up DIR, and cluster_down at the end.
# Four nodes of two kinds: a1 and a2 with a GPU of type big, b1 and b2 with one of type small, whose device files are made up. Each node takes
# one task. Debian's packages slurmctld, slurmd, slurm-client and munge.
set -euo pipefail

declare -A daemon=()
held=()

cluster_up() {
  local dir=$1 host port=17001 index=0 node
  host=$(hostname -s)
  mkdir -p "$dir"/{state,munge,log}
  export SLURM_CONF=$dir/slurm.conf
  # munged refuses folders that others may write to, /tmp among those above them.
  chmod 755 "$dir" "$dir/munge"
  dd if=/dev/urandom of="$dir/munge/key" bs=1 count=1024 status=none
  chmod 600 "$dir/munge/key"
  munged --foreground --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/munge/pid" --log-file="$dir/munge/log" --seed-file="$dir/munge/seed" >"$dir/log/munged" 2>&1 &
  daemon[munged]=$!
  {
    cat <<CONF
ClusterName=freezebench
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=17000
SlurmUser=root
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/state/%n
SlurmctldPidFile=$dir/state/slurmctld.pid
SlurmdPidFile=$dir/state/%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/%n.log
AuthType=auth/munge
CredType=cred/munge
# A requeued job waits for the credentials' end and a second more.
AuthInfo=socket=$dir/munge/socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$dir/log/jobs.txt
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=1,sched_interval=1,bf_interval=1
SlurmdTimeout=3
MessageTimeout=2
KillWait=5
MinJobAge=300
ReturnToService=2
RequeueExit=75
GresTypes=gpu
MpiDefault=none
CONF
    for node in a1 a2 b1 b2; do
      echo "NodeName=$node NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port++)) CPUs=1 RealMemory=1000 Gres=gpu:$([[ $node == a* ]] && echo big || echo small):1 Feature=$([[ $node == a* ]] && echo fast || echo slow)"
    done
    echo "PartitionName=all Nodes=a1,a2,b1,b2 Default=YES MaxTime=INFINITE State=UP"
  } >"$SLURM_CONF"
  for node in a1 a2 b1 b2; do
    mknod "$dir/state/gpu-$node" c 1 $((200 + index++)) || true
    echo "NodeName=$node Name=gpu Type=$([[ $node == a* ]] && echo big || echo small) File=$dir/state/gpu-$node"
  done >"$dir/gres.conf"
  wait_until 10 test -S "$dir/munge/socket"
  slurmctld -D >"$dir/log/slurmctld.out" 2>&1 &
  daemon[slurmctld]=$!
  for node in a1 a2 b1 b2; do
    slurmd -D -N "$node" >"$dir/log/$node.out" 2>&1 &
    daemon[$node]=$!
  done
  wait_until 20 nodes_are_up
}

nodes_are_up() { [[ $(sinfo --noheader --Node --states=idle --format=%N 2>/dev/null | sort -u | wc -l) == 4 ]]; }

# wait_until SECONDS COMMAND...
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || { echo "In vain waited for: $*" >&2; return 1; }
    sleep 0.2
  done
}

# Kills the daemon of a node as a power failure does. What it ran lives on, but cannot say so: a step that ends before the controller misses
# the node would report its job as done, and nothing would be given to another node. steps_go_on lets it speak again.
kill_node() {
  mapfile -t held < <(steps_of "$1")
  [[ ${#held[@]} == 0 ]] || kill -STOP "${held[@]}"
  kill -KILL "${daemon[$1]}"
  wait "${daemon[$1]}" 2>/dev/null || true
  unset "daemon[$1]"
}

node_is_lost() { [[ $(sinfo --noheader --nodes="$1" --format=%t 2>/dev/null) == down* ]]; }

steps_go_on() {
  [[ ${#held[@]} == 0 ]] || kill -CONT "${held[@]}"
  held=()
}

# The steps' own processes on a node; the job's shell below each knows the node.
steps_of() {
  local step child
  for step in $(left_over); do
    for child in $(pgrep -P "$step"); do
      if grep -qzxF "SLURMD_NODENAME=$1" "/proc/$child/environ" 2>/dev/null; then echo "$step"; fi
    done
  done | sort -u
}

# What jobs of killed nodes left running; every process of this cluster has its configuration in its environment.
left_over() {
  local process
  for process in /proc/[0-9]*; do
    if [[ ${process#/proc/} != "$$" && ${process#/proc/} != "$BASHPID" ]] && grep -qzxF "SLURM_CONF=$SLURM_CONF" "$process/environ" 2>/dev/null \
      && [[ $(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) == slurmstepd* ]]; then
      echo "${process#/proc/}"
    fi
  done
}

cluster_down() {
  local name process
  scancel --state=PENDING --user=root 2>/dev/null || true
  scancel --state=RUNNING --user=root 2>/dev/null || true
  wait_until 10 no_job 2>/dev/null || true
  for name in a1 a2 b1 b2 slurmctld munged; do
    [[ -n ${daemon[$name]:-} ]] || continue
    kill -TERM "${daemon[$name]}" 2>/dev/null || true
    wait "${daemon[$name]}" 2>/dev/null || true
  done
  for process in $(left_over); do
    kill -KILL "$process" 2>/dev/null || true
  done
  daemon=()
}

no_job() { [[ -z $(squeue --noheader --format=%i 2>/dev/null) ]]; }
