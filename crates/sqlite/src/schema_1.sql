-- Version 1: a table for each kind of row. Keys and rows are JSON. Rows are text instead of binary JSON, so that
-- numbers keep their digits.

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

-- The survivors of retired contacts, by the retired id.
CREATE TABLE tombstone (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- The ids of deleted contacts.
CREATE TABLE deleted (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Merges, by id. Those that are not undone have their patch.
CREATE TABLE merge (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Distinct pairs, by both ids, the smaller one first.
CREATE TABLE verdict (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Events that are not acknowledged yet, by number.
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

-- Blocks, by contact and start time.
CREATE TABLE block (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Activity, by contact and week.
CREATE TABLE activity (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- Deletions of many contacts, by number.
CREATE TABLE deletion (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- The contacts that a deletion has not reached yet, by its number and their position in it.
CREATE TABLE to_delete (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- The configuration of the protocol.
CREATE TABLE config (
  key TEXT NOT NULL PRIMARY KEY,
  row TEXT NOT NULL
) STRICT;

-- The number of applied operations. A writer that finds another number than it left knows of another writer.
CREATE TABLE revision (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  number INTEGER NOT NULL
) STRICT;
INSERT INTO revision VALUES (1, 0);
