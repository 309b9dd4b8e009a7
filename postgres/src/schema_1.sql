-- Version 1. Everything begins with the number of its workspace. Keys and rows are JSON, as text: numbers keep the digits
-- they were written with, and text in the collation "C" is compared byte by byte, whatever the database's language is.

-- The workspaces. `key_rules` says by which rules the keys in the table `key` were made of values.
CREATE TABLE $.workspace (
  number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  key_rules text NOT NULL
);

-- Everything that a workspace knows. `place` is the number of an event, and a merge's place among all.
CREATE TABLE $.row (
  workspace integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  row text NOT NULL,
  place bigint,
  PRIMARY KEY (workspace, kind, key)
);
CREATE INDEX row_place ON $.row (workspace, kind, place) WHERE place IS NOT NULL;

-- Which rows tell of which contact, beside its own, and who is blocked: follows from the rows.
CREATE TABLE $.about (
  workspace integer NOT NULL,
  contact text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace, contact, kind, key)
);

CREATE INDEX about_blocked ON $.about (workspace, contact) WHERE kind = 'blocked';

-- Which live contact holds which key, and whether it is blocked: follows from the contacts.
CREATE TABLE $.key (
  workspace integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  contact text COLLATE "C" NOT NULL,
  blocked boolean NOT NULL,
  PRIMARY KEY (workspace, key, contact)
);
CREATE INDEX key_contact ON $.key (workspace, contact, key);

-- What an operation locks stands for contacts, keys and names by their hash: there is always a row to lock, also for what is
-- not there yet, and none that outlives a deleted value.
CREATE TABLE $.slot (
  number integer PRIMARY KEY
);
INSERT INTO $.slot SELECT * FROM generate_series(0, 16383);

CREATE SEQUENCE $.event_number MINVALUE 0;
CREATE SEQUENCE $.merge_place MINVALUE 0;
