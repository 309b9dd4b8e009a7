-- Version 1 beside the tables of the rows.

-- The number of applied operations. A writer that finds another number than it left knows of another writer.
CREATE TABLE revision (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  number INTEGER NOT NULL
) STRICT;
INSERT INTO revision VALUES (1, 0);
