"""The groups of a table with Polars and SciPy: `polars_groups.py FILE [--rphonenumbers]`.

Emails are compared in lower case. Phones are what is left without punctuation, or what `rphonenumbers` reads with the row's
country as the region. JSON Lines have lists `emails` and `phones`, CSV has one or two columns of each.
"""

import sys

import numpy
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

file, has_library = sys.argv[1], "--rphonenumbers" in sys.argv[2:]


def email(text):
    return text.str.strip_chars().str.to_lowercase()


def phone(text):
    return text if has_library else text.str.replace_all(r"[^0-9+]", "")


def e164(text, region):
    import rphonenumbers

    try:
        number = rphonenumbers.parse(text, region and region.upper())
    except rphonenumbers.NumberParseException:
        return None
    if not rphonenumbers.is_possible_number(number):
        return None
    return rphonenumbers.format_number(number, rphonenumbers.PhoneNumberFormat.E164)


if file.endswith(".jsonl"):
    texts = pl.List(pl.String)
    scan = pl.scan_ndjson(file, schema={"country": pl.String, "emails": texts, "phones": texts})
    columns = {"emails": ["emails"], "phones": ["phones"]}
    emails = pl.col("emails").list.eval(email(pl.element()))
    phones = pl.col("phones").list.eval(phone(pl.element()))
else:
    scan = pl.scan_csv(file, infer_schema=False)
    names = scan.collect_schema().names()
    columns = {
        "emails": [name for name in ("email", "secondary_email") if name in names],
        "phones": [name for name in ("phone", "secondary_phone") if name in names],
    }
    emails, phones = email(pl.col(columns["emails"])), phone(pl.col(columns["phones"]))
country = ["country"] if has_library else []
table = scan.select(emails, phones, *country).with_row_index("row").collect(engine="streaming")

links = []
for kind, names in columns.items():
    keys = pl.concat([table.select("row", *country, key=name) for name in names])
    if isinstance(keys.schema["key"], pl.List):
        keys = keys.explode("key")
    keys = keys.filter(pl.col("key").is_not_null() & (pl.col("key") != ""))
    if kind == "phones" and has_library:
        read = [e164(text, region) for text, region in zip(keys["key"], keys["country"])]
        keys = keys.with_columns(key=pl.Series(read, dtype=pl.String)).drop_nulls("key")
    first = pl.col("row").min().over("key")
    pairs = keys.with_columns(first.alias("first")).filter(pl.col("first") != pl.col("row"))
    links.append(pairs.select("first", "row").to_numpy())
links = numpy.concatenate(links)
rows = table.height
graph = coo_matrix((numpy.ones(len(links), dtype=numpy.int8), (links[:, 0], links[:, 1])), shape=(rows, rows))
_, labels = connected_components(graph, directed=False)
sizes = numpy.bincount(labels)
print((sizes > 1).sum(), sizes[sizes > 1].sum())
