"""The groups of a table with DuckDB and SciPy: `duckdb_groups.py FILE`. Phones are what is left without punctuation."""

import sys

import duckdb
import numpy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

connection = duckdb.connect()
connection.execute("SET preserve_insertion_order = true")
connection.execute(
    """
    CREATE TEMP TABLE keys AS
    SELECT row_number() OVER () - 1 AS row, lower(trim(email)) AS email, regexp_replace(phone, '[^0-9+]', '', 'g') AS phone
    FROM read_csv(?, header = true, all_varchar = true)
    """,
    [sys.argv[1]],
)
links = connection.execute(
    """
    WITH firsts AS (
        SELECT min(row) AS first, email AS key FROM keys WHERE email <> '' GROUP BY email HAVING count(*) > 1
    ), phones AS (
        SELECT min(row) AS first, phone AS key FROM keys WHERE phone <> '' GROUP BY phone HAVING count(*) > 1
    )
    SELECT first, row FROM keys JOIN firsts ON keys.email = firsts.key WHERE row <> first
    UNION ALL
    SELECT first, row FROM keys JOIN phones ON keys.phone = phones.key WHERE row <> first
    """
).fetchnumpy()
(rows,) = connection.execute("SELECT count(*) FROM keys").fetchone()
first, other = links["first"], links["row"]
graph = coo_matrix((numpy.ones(len(first), dtype=numpy.int8), (first, other)), shape=(rows, rows))
_, labels = connected_components(graph, directed=False)
sizes = numpy.bincount(labels)
print((sizes > 1).sum(), sizes[sizes > 1].sum())
