#!/usr/bin/env python3
"""One table of what finding the groups of a file costs: onefold beside Polars, DuckDB and a program written by hand.

    python3 benches/compare/compare.py [ROWS ...] [--markdown FILE] [--work FOLDER] [--repeat N] [--skip NAME]
    python3 benches/compare/compare.py --selftest
    python3 benches/compare/compare.py --file FILE

It builds onefold and the programs in this folder, makes a virtual environment in the work folder with Polars, DuckDB, SciPy
and rphonenumbers from PyPI, writes the files of each size from fixed seeds, and runs everything on them, each command in a
process of its own. In each round every command runs once, one after the other; the best of all rounds counts, for each
figure alone. Seconds are wall-clock and processor time, MB is the largest resident set, the ratios are of wall-clock time.
Results are printed as they come, and the table in Markdown at the end.

Files: `contacts` has the project's own rows of 10 columns, `realistic` has rows of 24 columns by the generator in the folder
`gen` of ONEFOLD_DATA. Both are measured as CSV and as JSON Lines. Above --all-up-to rows only `suggest` and the rivals run,
on CSV. The work folder needs about 5 GB at a million rows, and 4 GB more at ten million.

The rivals print numbers of groups only. `suggest --count` does the same; `suggest` writes every suggestion with its evidence
as JSON Lines. The phones of `contacts` carry their country code, so that leaving out punctuation reads them as a phone
library does, and all find the same groups; the script says so where they do not. On `realistic` files they differ: the
simple rules read no national numbers, take placeholders for numbers and addresses, and join whoever shares a front desk.
"""

import argparse
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import commands
import inputs
import table
from measure import measure

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ["cargo", "build", "--quiet"]


def main():
    arguments = parse_arguments()
    work = arguments.work.resolve()
    output = work / "output"
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    notes = []
    programs = build(arguments, work)
    programs["python"], has_phone_library = environment(work)
    if not has_phone_library:
        notes.append("PyPI has no `rphonenumbers` for this machine: left out.")
    generator = None if arguments.file else build_realistic_generator(work)
    if not generator and not arguments.file:
        notes.append("ONEFOLD_DATA names no folder with `gen`: the realistic rows are left out.")

    lines, faults = [], []
    for rows in [None] if arguments.file else arguments.rows:
        has_all = rows is not None and rows <= arguments.all_up_to
        for data in tables(arguments, work, rows, programs, generator):
            for kind, file in data.files.items():
                todo = commands.suggest(programs["onefold"], data, file, output)
                if has_all:
                    todo += commands.other_inputs(programs["onefold"], data, file, output)
                    todo += commands.other_commands(programs["onefold"], data, file, output)
                todo += commands.rivals(programs, file, has_phone_library)
                todo = [command for command in todo if command.name not in arguments.skip]
                results = measure(todo, arguments.repeat)
                title = f"{data.name}, {kind}" + (f", {rows:,} rows" if rows else "")
                table.show(title, todo, results)
                lines += table.markdown_rows(title, todo, results)
                faults += [f"{title}: {fault}" for fault in table.faults(data, todo, results)]
    shutil.rmtree(output)

    heads = [table.machine(), table.versions(programs["onefold"], programs["python"])]
    markdown = table.markdown(heads, lines, notes + faults)
    print("\n" + markdown)
    if arguments.markdown:
        arguments.markdown.write_text(markdown, encoding="utf-8")
    if faults:
        sys.exit("not everything is as it should be: see the last lines of the table")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sizes = [100_000, 1_000_000, 10_000_000]
    parser.add_argument("rows", nargs="*", type=number, default=sizes, help="sizes of the files")
    parser.add_argument("--work", type=Path, default=ROOT / "target/compare", help="the folder for files and programs")
    parser.add_argument("--repeat", type=number, default=3, help="the best of so many runs counts")
    parser.add_argument("--all-up-to", type=number, default=1_000_000, help="the largest size with all commands")
    parser.add_argument("--skip", action="append", default=[], help="leave a command out, by its name; may be repeated")
    parser.add_argument("--file", type=Path, help="a file of one's own (.csv or .jsonl) in place of generated ones")
    parser.add_argument("--onefold", type=Path, help="a program that was built before")
    parser.add_argument("--markdown", type=Path, help="write the table to this file, too")
    parser.add_argument("--selftest", action="store_true", help="run everything once on 2,000 rows")
    arguments = parser.parse_args()
    if arguments.selftest:
        arguments.rows, arguments.repeat = [2_000], 1
    return arguments


def number(text):
    return int(text.replace("_", ""))


def build(arguments, work):
    """Builds the programs with the profile of published binaries; their paths by name."""
    target = work / "target"
    subprocess.run([*BUILD, "--profile", "dist", "--bins", "--target-dir", target], cwd=HERE, check=True)
    programs = {name: target / "dist" / name for name in ("generate", "by_hand")}
    if arguments.onefold:
        return programs | {"onefold": arguments.onefold.resolve()}
    subprocess.run([*BUILD, "--profile", "dist", "-p", "onefold-cli"], cwd=ROOT, check=True)
    return programs | {"onefold": ROOT / "target/dist/onefold"}


def build_realistic_generator(work):
    """Builds a copy of the generator of the data folder, which may be read-only. Returns None if there is no data folder."""
    source = Path(os.environ.get("ONEFOLD_DATA", "")) / "gen"
    if "ONEFOLD_DATA" not in os.environ or not source.is_dir():
        return None
    copy = work / "gen"
    shutil.copytree(source, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("target", "sample*"))
    subprocess.run([*BUILD, "--release"], cwd=copy, check=True)
    return copy / "target/release/gen_contacts"


def environment(work):
    """Makes the virtual environment; its Python, and whether it has a phone library."""
    python = work / "venv/bin/python"
    if not python.exists():
        venv.create(work / "venv", with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "polars", "duckdb", "scipy"], check=True)
        subprocess.run([*install, "rphonenumbers"], check=False)
    probe = subprocess.run([python, "-c", "import rphonenumbers"], stderr=subprocess.DEVNULL, check=False)
    return python, probe.returncode == 0


def tables(arguments, work, rows, programs, generator):
    """The tables of one size, as JSON Lines too where all commands run."""
    if arguments.file:
        kind = "JSON Lines" if arguments.file.suffix == ".jsonl" else "CSV"
        yield inputs.Table(arguments.file.name, {kind: arguments.file}, (), "")
        return
    has_lines = rows <= arguments.all_up_to
    yield inputs.contacts(work, rows, programs["generate"], has_lines)
    if generator:
        yield inputs.realistic(work, rows, generator, has_lines)


if __name__ == "__main__":
    main()
