#!/usr/bin/env python3
"""One table of what finding the groups of a file costs: onefold beside Polars, DuckDB and a program written by hand.

    python3 benches/rivals/compare.py [ROWS ...] [--work FOLDER] [--repeat N] [--skip NAME] [--file FILE]

Run it from the root of the project. It builds onefold and the programs in this folder, makes a virtual environment in
FOLDER with polars, duckdb and scipy from PyPI, writes a file of each size from a fixed seed, and runs everything on it,
each in a process of its own. Seconds are wall-clock and processor time, memory is the largest resident set.

The rivals print numbers of groups only. `onefold --count` does the same; `onefold` writes every suggestion with its
evidence, as JSON Lines. The phones of the generated files carry their country code, so that leaving out punctuation reads them as a phone library does, and
all find the same groups; the script says so where they do not. On a file of one's own (--file, with the columns `email`
and `phone`) they will differ: the simple rules read no national numbers, take fillers for numbers and addresses, and
join whoever shares a front desk.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def run(command):
    """Runs a command; its output, wall-clock and processor seconds, and megabytes."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output, errors = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    if status != 0:
        sys.exit(f"{command} failed:\n{errors}")
    return output, errors, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def groups_of(output, errors):
    """The number of groups and of contacts in them, as the rivals print and onefold counts or reports them."""
    if output.startswith("{"):
        counts = json.loads(output)
        return counts["suggestions"], counts["members"]
    if output.strip():
        return tuple(int(number) for number in output.split())
    counts = dict(line.rsplit(None, 1) for line in errors.splitlines() if line.startswith(("suggestions", "contacts in")))
    return int(counts["suggestions"]), int(counts["contacts in them"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", type=lambda text: int(text.replace("_", "")), default=[100_000, 1_000_000])
    parser.add_argument("--work", type=Path, default=Path("target/rivals"))
    parser.add_argument("--repeat", type=int, default=3, help="the fastest of so many runs counts")
    parser.add_argument("--skip", action="append", default=[], help="leave a rival out; may be repeated")
    parser.add_argument("--file", type=Path, help="a file of one's own in place of generated ones")
    parser.add_argument("--onefold", type=Path, help="a program that was built before")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)

    build = ["cargo", "build", "--profile", "dist", "--quiet"]
    onefold = arguments.onefold
    if onefold is None:
        subprocess.run([*build, "-p", "onefold-cli"], cwd=ROOT, check=True)
        onefold = ROOT / "target/dist/onefold"
    rivals = work / "target"
    subprocess.run([*build, "--target-dir", rivals], cwd=HERE, check=True)
    python = work / "venv/bin/python"
    if not python.exists():
        venv.create(work / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "polars", "duckdb", "scipy"], check=True)

    print(f"{'rows':>12} {'program':<16} {'wall s':>8} {'cpu s':>8} {'MB':>8} {'groups':>10} {'contacts':>10}")
    for rows in [None] if arguments.file else arguments.rows:
        file = arguments.file or work / f"contacts-{rows}.csv"
        if not file.exists():
            subprocess.run([rivals / "dist/generate", str(rows), file], check=True)
        out = work / "suggestions.jsonl"
        commands = {
            "onefold": [onefold, "suggest", file, "--output", out],
            "onefold --count": [onefold, "suggest", "--count", file],
            "polars": [python, HERE / "polars_groups.py", file],
            "duckdb": [python, HERE / "duckdb_groups.py", file],
            "by hand": [rivals / "dist/by_hand", file],
        }
        found = {}
        for name, command in commands.items():
            if name in arguments.skip:
                continue
            runs = []
            for _ in range(arguments.repeat):
                # To replace a large file takes the system a while, which is no part of the job.
                out.unlink(missing_ok=True)
                runs.append(run([str(part) for part in command]))
            output, errors, *_ = runs[0]
            found[name] = groups_of(output, errors)
            wall, cpu, megabytes = (min(run[part] for run in runs) for part in (2, 3, 4))
            groups, contacts = found[name]
            shown = f"{rows:,}" if rows else file.name
            print(f"{shown:>12} {name:<16} {wall:8.2f} {cpu:8.2f} {megabytes:8.0f} {groups:10,} {contacts:10,}", flush=True)
        if len(set(found.values())) > 1:
            print("not all find the same groups: they read values by other rules")


if __name__ == "__main__":
    main()
