"""The commands that are measured on a file."""

from pathlib import Path

import inputs
from measure import Command

HERE = Path(__file__).resolve().parent


def suggest(onefold, table, file, output):
    """onefold's suggestions with their evidence, and their number."""
    count = [onefold, "suggest", "--count", file, *table.options]
    return [suggest_command(onefold, table, output, "suggest", file), Command("suggest --count", count)]


def suggest_command(onefold, table, output, name, *arguments, stdin=None):
    to = output / "suggestions.jsonl"
    return Command(name, [onefold, "suggest", *arguments, "--output", to, *table.options], stdin=stdin, outputs=(to,))


def other_inputs(onefold, table, file, output):
    """onefold's suggestions of the same rows in other files."""
    def suggests(name, *arguments, stdin=None):
        return suggest_command(onefold, table, output, name, *arguments, stdin=stdin)

    packed = inputs.gzipped(file)
    commands = [
        suggests("standard input", "-", stdin=file),
        suggests("two files", *inputs.halves(file)),
        suggests(f"--identifier {table.identifier}", file, "--identifier", table.identifier),
        suggests("gzip", packed),
        Command("`gzip -t` alone", ["gzip", "-t", packed]),
    ]
    if file.suffix == ".csv":
        commands.append(suggests("UTF-16", inputs.utf16(file)))
    else:
        commands.append(suggests("JSON array", inputs.json_array(file)))
    if file.suffix == ".csv" and table.name == "contacts":
        commands.append(suggests("vCard", inputs.vcards(file)))
    return commands


def other_commands(onefold, table, file, output):
    """onefold's other commands on a file. `undo` reads what `merge --all` wrote before."""
    keys, patches = output / "keys.jsonl", output / "patches.jsonl"
    merged, undone = output / f"merged{file.suffix}", output / f"undone{file.suffix}"
    database = output / "database"
    merge = [onefold, "merge", file, "--all", "--output", merged, "--patches", patches, *table.options]
    undo = [onefold, "undo", merged, "--patches", patches, "--output", undone]
    files = tuple(database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-journal", "-lock"))
    return [
        Command("keys", [onefold, "keys", file, "--output", keys, *table.options], outputs=(keys,)),
        Command("merge --all", merge, outputs=(merged, patches)),
        Command("undo", undo, outputs=(undone,)),
        Command("db import", [onefold, "db", "import", database, file, *table.options], outputs=files),
    ]


def rivals(programs, file, has_phone_library):
    """The groups of a file by other programs; the one by hand reads CSV only."""
    python = programs["python"]
    commands = [
        Command("Polars, SciPy", [python, HERE / "polars_groups.py", file], is_rival=True),
        Command("DuckDB, SciPy", [python, HERE / "duckdb_groups.py", file], is_rival=True),
    ]
    if has_phone_library:
        arguments = [python, HERE / "polars_groups.py", file, "--rphonenumbers"]
        commands.append(Command("Polars, rphonenumbers, SciPy", arguments, is_rival=True))
    if file.suffix == ".csv":
        commands.append(Command("by hand", [programs["by_hand"], file], is_rival=True))
    return commands
