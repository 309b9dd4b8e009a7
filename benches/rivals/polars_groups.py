"""The groups of a table with Polars and SciPy: `polars_groups.py FILE`. Phones are what is left without punctuation."""

import sys

import numpy
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

table = (
    pl.scan_csv(sys.argv[1])
    .select(
        pl.col("email").str.strip_chars().str.to_lowercase(),
        pl.col("phone").str.replace_all(r"[^0-9+]", ""),
    )
    .with_row_index("row")
    .collect(engine="streaming")
)
links = []
for key in ("email", "phone"):
    shared = table.select("row", key).filter(pl.col(key).is_not_null() & (pl.col(key) != ""))
    first = pl.col("row").min().over(key)
    pairs = shared.with_columns(first.alias("first")).filter(pl.col("first") != pl.col("row"))
    links.append(pairs.select("first", "row").to_numpy())
links = numpy.concatenate(links)
rows = table.height
graph = coo_matrix((numpy.ones(len(links), dtype=numpy.int8), (links[:, 0], links[:, 1])), shape=(rows, rows))
_, labels = connected_components(graph, directed=False)
sizes = numpy.bincount(labels)
print((sizes > 1).sum(), sizes[sizes > 1].sum())
