"""The files that are measured, and the same rows in other formats. A file that exists is not made again.

Files are read and written in small pieces: a process that is started counts the largest resident set of this one as its own.
"""

import csv
import gzip
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Table:
    """The same rows in both formats, the options that onefold reads them with, and a column for `--identifier`."""

    name: str
    files: dict
    options: tuple
    identifier: str


def contacts(work, rows, generate, has_lines):
    """The project's own rows of 10 columns. JSON Lines leave empty cells out."""
    file = work / f"contacts-{rows}.csv"
    make(file, lambda to: subprocess.run([generate, str(rows), to], check=True))
    files = {"CSV": file}
    if has_lines:
        files["JSON Lines"] = file.with_suffix(".jsonl")
        make(files["JSON Lines"], lambda to: write_lines(to, map(json_contact, read_rows(file))))
    return Table("contacts", files, (), "id")


def realistic(work, rows, generate, has_lines):
    """The rows of 24 columns of the generator in the data folder."""
    formats = {"CSV": "csv", "JSON Lines": "jsonl"} if has_lines else {"CSV": "csv"}
    folder = work / f"realistic-{rows}-{'-'.join(formats.values())}"
    command = [generate, "--n", str(rows), "--seed", "1", "--format", "both" if has_lines else "csv", "--no-truth", "--out"]

    def generate_into(to):
        to.mkdir(exist_ok=True)
        subprocess.run([*command, to], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    make(folder, generate_into)
    files = {kind: folder / f"contacts.{end}" for kind, end in formats.items()}
    return Table("realistic", files, ("--region-from-country",), "channel_id")


def halves(file):
    """Two files with half of the rows each."""
    folder = file.with_name(file.name + ".halves")
    size = file.stat().st_size
    limits = {f"first{file.suffix}": size // 2, f"second{file.suffix}": size}

    def split(to):
        to.mkdir(exist_ok=True)
        with open(file, "rb") as lines:
            is_csv = file.suffix == ".csv"
            rows = csv_rows(lines) if is_csv else lines
            header = next(rows) if is_csv else b""
            for name, limit in limits.items():
                with open(to / name, "wb") as half:
                    half.write(header)
                    for row in rows:
                        half.write(row)
                        if half.tell() >= limit:
                            break

    make(folder, split)
    return [folder / name for name in limits]


def csv_rows(lines):
    """The rows of CSV: a row ends with a line that leaves no quotes open."""
    row = b""
    for line in lines:
        row += line
        if row.count(b'"') % 2 == 0:
            yield row
            row = b""


def utf16(file):
    """The file in UTF-16 with a byte order mark."""
    path = file.with_name(f"{file.stem}-utf16{file.suffix}")

    def encode(to):
        with open(file, encoding="utf-8", newline="") as text, open(to, "w", encoding="utf-16", newline="") as encoded:
            shutil.copyfileobj(text, encoded, 1 << 20)

    make(path, encode)
    return path


def gzipped(file):
    """The file, compressed."""
    path = file.with_name(file.name + ".gz")

    def compress(to):
        with open(file, "rb") as plain, gzip.open(to, "wb", compresslevel=6) as packed:
            shutil.copyfileobj(plain, packed, 1 << 20)

    make(path, compress)
    return path


def json_array(lines):
    """The objects of a JSON Lines file as one JSON array."""
    path = lines.with_suffix(".json")

    def join(to):
        with open(lines, encoding="utf-8") as source, open(to, "w", encoding="utf-8") as array:
            for number, line in enumerate(source):
                array.write((",\n" if number else "[\n") + line.rstrip("\n"))
            array.write("\n]\n")

    make(path, join)
    return path


def vcards(table):
    """The rows of `contacts` as vCard 3.0."""
    path = table.with_suffix(".vcf")
    make(path, lambda to: write_lines(to, map(vcard, read_rows(table))))
    return path


def make(path, write):
    """Writes a file or folder under another name first, so that a run that was interrupted leaves no half of it."""
    if not path.exists():
        part = path.with_name(path.name + ".part")
        write(part)
        part.rename(path)


def read_rows(table):
    with open(table, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write_lines(path, lines):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.writelines(line + "\n" for line in lines)


def json_contact(row):
    contact = {name: value for name, value in row.items() if value and name not in ("email", "phone")}
    contact["emails"] = [row["email"]]
    contact["phones"] = [row["phone"]]
    return json.dumps(contact, ensure_ascii=False, separators=(",", ":"))


def vcard(row):
    value = {name: text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;") for name, text in row.items()}
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"UID:{value['id']}",
        f"N:{value['last_name']};{value['first_name']};;;",
        f"FN:{value['first_name']} {value['last_name']}",
        f"EMAIL:{value['email'].strip()}",
        f"TEL:{value['phone']}",
        f"ADR:;;;{value['city']};;;{value['country']}",
        f"REV:{value['created_at']}",
    ]
    lines += [f"{name}:{text}" for name, text in (("ORG", value["company"]), ("NOTE", value["notes"])) if text]
    return "\r\n".join([*lines, "END:VCARD\r"])
