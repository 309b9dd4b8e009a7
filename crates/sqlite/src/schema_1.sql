-- Version 1 beside the tables of the rows.

-- How many operations were applied: a writer that finds another number than it left knows that it is not alone.
CREATE TABLE revision (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  number INTEGER NOT NULL
) STRICT;
INSERT INTO revision VALUES (1, 0);
