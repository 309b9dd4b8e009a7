-- Version 1: a table for each kind of row. Keys and rows are JSON; rows are text and not binary JSON, so that numbers keep
-- the digits they were written with.

-- The settings, the number of the next event and the order of the fields, each under its name.
CREATE TABLE setting (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Live contacts, by id.
CREATE TABLE contact (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- What the ids that were merged away were merged into.
CREATE TABLE tombstone (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- The ids that were deleted.
CREATE TABLE deleted (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Merges by name; those that stand with the patch that takes them back.
CREATE TABLE merge (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Pairs that were told apart, the smaller id first.
CREATE TABLE verdict (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Events that nobody has taken yet, by number.
CREATE TABLE event (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- The tags of the workspace, by name.
CREATE TABLE tag (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Channel accounts, by name.
CREATE TABLE account (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- The types of custom fields, by name.
CREATE TABLE definition (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Segments, by name.
CREATE TABLE segment (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Blocks, by contact and when they began.
CREATE TABLE block (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Activity, by contact and week.
CREATE TABLE activity (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Deletions, by number.
CREATE TABLE deletion (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- The contacts that a deletion has not come to yet, by its number and their place in it.
CREATE TABLE to_delete (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- How the protocol was configured.
CREATE TABLE config (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- How many operations were applied: a writer that finds another number than it left knows that it is not alone.
CREATE TABLE revision (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  number INTEGER NOT NULL
) STRICT;
INSERT INTO revision VALUES (1, 0);
