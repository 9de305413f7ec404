"""bench/peers/pytorch_twin.py with its cases in copies of one process: twin_of_copies.py FOLDER-OF-THE-TWIN ARGUMENTS... [-- ARGUMENTS...]

A case still has a process of its own, but one that has imported torch and found the processor's peak before it began. Of several command
lines one is run after the other.
"""
import json
import os
import sys

sys.path.insert(0, sys.argv[1])
import pytorch_twin as twin  # noqa: E402
import torch  # noqa: E402

# One thread: a copy has none of the others.
torch.set_num_threads(1)
# More than once: what runs beside it at this moment would be in the shares of all cases.
peak = max(twin.matmul_peak(torch.device("cpu"), torch.float32) for _ in range(3))
twin.matmul_peak = lambda device, number_type: peak
# A product of a second, whose answer is for a user.
twin.say_reference_blas = lambda settings: None


def attempt(settings, arguments, case):
    load = twin.OtherLoad()
    reader, writer = os.pipe()
    sys.stdout.flush()
    copy = os.fork()
    if copy == 0:
        code = 1
        try:
            os.dup2(writer, 1)
            code = twin.main([*arguments, "--case", *case])
            sys.stdout.flush()
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as output:
        text = output.read()
    if os.waitpid(copy, 0)[1] != 0:
        print(f"Failed: {' '.join(case)}", file=sys.stderr)
        return None, None
    return json.loads(text.splitlines()[-1]), load.busy_cores()


twin.attempt = attempt
commands = [[]]
for word in sys.argv[2:]:
    if word == "--":
        commands.append([])
    else:
        commands[-1].append(word)
sys.exit(max(map(twin.main, commands)))
