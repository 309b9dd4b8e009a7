"""The results as lines on the terminal and as a table in Markdown."""

import os
import platform
import subprocess
from pathlib import Path

HEADER = """\
| file | | wall s | processor s | MB | ratio to `suggest` | to the fastest rival | groups | contacts in them |
|---|---|---|---|---|---|---|---|---|
"""


def cells(command, commands, results):
    """The cells of one command."""
    result = results[command.name]
    if result.failure:
        return [command.name, "failed", "", "", "", "", "", ""]
    rivals = [results[rival.name].wall for rival in commands if rival.is_rival]
    base = results[command.base].wall if command.base in results else float("inf")
    groups, contacts = result.groups or ("", "")
    return [
        command.name,
        f"{result.wall:.2f}",
        f"{result.cpu:.2f}",
        f"{result.megabytes:,.0f}",
        ratio(result.wall, base),
        ratio(result.wall, min(rivals, default=float("inf"))),
        f"{groups:,}" if result.groups else "",
        f"{contacts:,}" if result.groups else "",
    ]


def ratio(wall, other):
    """A ratio of two times, or nothing where the other command did not run."""
    return "" if other == float("inf") else f"{wall / other:.2f}"


def show(title, commands, results):
    """Prints the results of one file."""
    print(f"\n{title}\n{'':<30} {'wall s':>8} {'cpu s':>8} {'MB':>8} {'/suggest':>9} {'/rival':>8} {'groups':>10} {'contacts':>11}")
    for command in commands:
        name, wall, cpu, megabytes, base, rival, groups, contacts = cells(command, commands, results)
        print(f"{name:<30} {wall:>8} {cpu:>8} {megabytes:>8} {base:>9} {rival:>8} {groups:>10} {contacts:>11}", flush=True)


def markdown_rows(title, commands, results):
    """The rows of one file in Markdown."""
    titles = [title] + [""] * len(commands)
    return ["| " + " | ".join([title, *cells(command, commands, results)]) + " |"
            for title, command in zip(titles, commands)]


def faults(table, commands, results):
    """What failed, and where the same rows gave other groups."""
    found = [f"`{name}` failed: {result.failure}" for name, result in results.items() if result.failure]
    expected = results["suggest"].groups if "suggest" in results else None
    # An identifier connects other contacts, and only the rows of `contacts` mean the same to simple rules.
    compared = [
        command for command in commands
        if results[command.name].groups and not command.name.startswith("--identifier")
        and (not command.is_rival or table.name == "contacts")
    ]
    differing = [command.name for command in compared if results[command.name].groups != expected]
    if expected and differing:
        found.append(f"other groups than `suggest`: {', '.join(differing)}")
    return found


def markdown(heads, lines, notes):
    """The whole table, with the machine and the versions above it and the notes below."""
    text = "\n".join(heads) + "\n\n" + HEADER + "\n".join(lines) + "\n"
    return text + "".join(f"\n- {note}" for note in notes) + ("\n" if notes else "")


def machine():
    """The processor and the memory of this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = [platform.processor() or platform.machine()]
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text(encoding="utf-8").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")] or names
    return f"{os.cpu_count()} cores ({names[0]}), {memory:.0f} GiB, load {os.getloadavg()[0]:.1f} at the end."


def versions(onefold, python):
    """The versions of what was measured."""
    code = "import platform, polars, duckdb, scipy; print('Python', platform.python_version(), end=', ');" \
        "print('Polars', polars.__version__, end=', '); print('DuckDB', duckdb.__version__, end=', ');" \
        "print('SciPy', scipy.__version__)"
    said = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
            for command in ([onefold, "--version"], [python, "-c", code])]
    return ", ".join(said) + "."
