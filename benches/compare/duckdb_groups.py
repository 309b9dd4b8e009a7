"""The groups of a table with DuckDB and SciPy: `duckdb_groups.py FILE`.

Emails are compared in lower case, phones are what is left without punctuation. JSON Lines have lists `emails` and `phones`,
CSV has one or two columns of each.
"""

import sys

import duckdb
import numpy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

EMAIL = "lower(trim({}))"
PHONE = "regexp_replace({}, '[^0-9+]', '', 'g')"

file = sys.argv[1]
connection = duckdb.connect()
connection.execute("SET preserve_insertion_order = true")
if file.endswith(".jsonl"):
    source = "read_json(?, format = 'newline_delimited', columns = {emails: 'VARCHAR[]', phones: 'VARCHAR[]'})"
    columns = {
        "emails": f"list_transform(emails, lambda text: {EMAIL.format('text')})",
        "phones": f"list_transform(phones, lambda text: {PHONE.format('text')})",
    }
    keys = {name: f"SELECT row, unnest({name}) AS key FROM keys" for name in columns}
else:
    source = "read_csv(?, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
    names = [column[0] for column in connection.execute(f"FROM {source} LIMIT 0", [file]).description]
    emails = [name for name in ("email", "secondary_email") if name in names]
    phones = [name for name in ("phone", "secondary_phone") if name in names]
    columns = {name: EMAIL.format(name) for name in emails} | {name: PHONE.format(name) for name in phones}
    keys = {
        kind: " UNION ALL ".join(f"SELECT row, {name} AS key FROM keys" for name in names)
        for kind, names in (("emails", emails), ("phones", phones))
    }
selected = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
connection.execute(f"CREATE TEMP TABLE keys AS SELECT row_number() OVER () - 1 AS row, {selected} FROM {source}", [file])
links = connection.execute(
    " UNION ALL ".join(
        f"""
        SELECT first, row
        FROM ({query}) AS all_keys
        JOIN (SELECT min(row) AS first, key FROM ({query}) WHERE key <> '' GROUP BY key HAVING count(*) > 1) AS firsts
        ON all_keys.key = firsts.key WHERE row <> first
        """
        for query in keys.values()
    )
).fetchnumpy()
(rows,) = connection.execute("SELECT count(*) FROM keys").fetchone()
first, other = links["first"], links["row"]
graph = coo_matrix((numpy.ones(len(first), dtype=numpy.int8), (first, other)), shape=(rows, rows))
_, labels = connected_components(graph, directed=False)
sizes = numpy.bincount(labels)
print((sizes > 1).sum(), sizes[sizes > 1].sum())
