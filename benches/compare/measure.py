"""What a command costs: wall-clock seconds, processor seconds and the largest resident set of its process.

The system counts the resident set of the process that starts another one, here some 20 MB, as the other's: less is not seen.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Command:
    """A command to measure. `outputs` are removed before each run; `base` is the command it is compared with."""

    name: str
    arguments: list
    stdin: Path | None = None
    outputs: tuple = ()
    base: str = "suggest"
    is_rival: bool = False


@dataclass
class Result:
    """The best of the runs of a command, and what it found."""

    wall: float = float("inf")
    cpu: float = float("inf")
    megabytes: float = float("inf")
    groups: tuple | None = None
    failure: str | None = field(default=None)


def measure(commands, repeat):
    """Runs all commands `repeat` times, one after the other in each round, so that a busy moment affects all alike."""
    results = {command.name: Result() for command in commands}
    for _ in range(repeat):
        for command in commands:
            if results[command.name].failure is None:
                run(command, results[command.name])
    return results


def run(command, result):
    """Runs a command once and adds what it took to its result."""
    for output in command.outputs:
        # To replace a large file takes the system a while, which is no part of the job.
        shutil.rmtree(output) if output.is_dir() else output.unlink(missing_ok=True)
    arguments = [str(argument) for argument in command.arguments]
    with open(command.stdin or os.devnull, "rb") as stdin, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.monotonic()
        process = subprocess.Popen(arguments, stdin=stdin, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - started
        output, errors = text_of(out), text_of(err)
    if process.returncode != 0:
        result.failure = f"exit status {process.returncode}: {errors.strip()[-500:]}"
        return
    result.wall = min(result.wall, wall)
    result.cpu = min(result.cpu, usage.ru_utime + usage.ru_stime)
    result.megabytes = min(result.megabytes, usage.ru_maxrss / 1024)
    result.groups = groups_of(output, errors)


def text_of(file):
    file.seek(0)
    return file.read().decode(errors="replace")


def groups_of(output, errors):
    """The number of groups and of contacts in them, as the rivals print and onefold counts or reports them."""
    if output.startswith("{"):
        counts = json.loads(output)
        return counts["suggestions"], counts["members"]
    if output.strip():
        groups, contacts = output.split()
        return int(groups), int(contacts)
    lines = (line.rsplit(None, 1) for line in errors.splitlines())
    counts = {line[0]: line[1] for line in lines if len(line) == 2}
    if "contacts in them" not in counts:
        return None
    return int(counts["suggestions"]), int(counts["contacts in them"])
