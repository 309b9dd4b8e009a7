-- Version 1. The first column of a table of rows is the number of the workspace. Keys and rows are JSON in text
-- columns, so that numbers keep their digits. The collation "C" compares text by bytes, whatever the language of the
-- database.

-- The workspaces. `key_rules` names the rules by which the keys in the table `key` were made.
CREATE TABLE $.workspace (
  number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  key_rules text NOT NULL
);

-- All rows of a workspace. `place` is the number of an event, or the place of a merge in the history.
CREATE TABLE $.row (
  workspace integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  row text NOT NULL,
  place bigint,
  PRIMARY KEY (workspace, kind, key)
);
CREATE INDEX row_place ON $.row (workspace, kind, place) WHERE place IS NOT NULL;

-- The rows that refer to each contact, besides its own, and the blocked contacts. Derived from the rows.
CREATE TABLE $.about (
  workspace integer NOT NULL,
  contact text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace, contact, kind, key)
);

CREATE INDEX about_blocked ON $.about (workspace, contact) WHERE kind = 'blocked';

-- The keys of each live contact, and whether it is blocked. Derived from the contacts.
CREATE TABLE $.key (
  workspace integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  contact text COLLATE "C" NOT NULL,
  blocked boolean NOT NULL,
  PRIMARY KEY (workspace, key, contact)
);
CREATE INDEX key_contact ON $.key (workspace, contact, key);

-- An operation locks the slots of its contacts, keys and names, found by their hashes. A slot exists before the row
-- that it stands for, and no trace of a deleted value stays in it.
CREATE TABLE $.slot (
  number integer PRIMARY KEY
);
INSERT INTO $.slot SELECT * FROM generate_series(0, 16383);

CREATE SEQUENCE $.event_number MINVALUE 0;
CREATE SEQUENCE $.merge_place MINVALUE 0;

-- Functions, because their plans are kept with the connection. `OFFSET 0` prevents scans of whole tables, since the
-- planner cannot know how few contacts there are. JIT compilation is off, because it would be chosen by the same wrong
-- estimates.

-- The live contacts of some ids with all their original ids, and rows of some kinds about them.
CREATE FUNCTION $.persons(of_workspace integer, ids text[], kinds text[]) RETURNS TABLE (kind text, key text, line text)
LANGUAGE plpgsql STABLE SET jit = off AS $body$
#variable_conflict use_column
BEGIN RETURN QUERY
WITH RECURSIVE up(id) AS (
  SELECT unnest(ids::text[]) COLLATE "C"
  UNION
  SELECT r.id FROM up CROSS JOIN LATERAL (
    SELECT (row::json -> 'into')::text COLLATE "C" AS id FROM $.row
    WHERE workspace = of_workspace AND kind = 'tombstone' AND key = up.id OFFSET 0) r
), whole(id) AS (
  SELECT id FROM up
  UNION
  SELECT a.key FROM whole CROSS JOIN LATERAL (
    SELECT key FROM $.about WHERE workspace = of_workspace AND contact = whole.id AND kind = 'tombstone' OFFSET 0) a
), named(kind, key) AS (
  SELECT own.kind COLLATE "C", whole.id FROM whole CROSS JOIN (VALUES ('contact'), ('tombstone'), ('deleted')) AS own(kind)
  UNION
  SELECT a.kind, a.key FROM whole CROSS JOIN LATERAL (
    SELECT kind, key FROM $.about WHERE workspace = of_workspace AND contact = whole.id AND kind = ANY(kinds::text[]) OFFSET 0) a
)
SELECT named.kind, named.key, r.row FROM named CROSS JOIN LATERAL (
  SELECT row FROM $.row WHERE workspace = of_workspace AND kind = named.kind AND key = named.key OFFSET 0) r;
END $body$;

-- The active holders of the keys of some contacts and of further keys, for each key at most one more than `most`. With
-- groups, the holders of these holders' keys are added, and so on, through keys with at most `most` holders.
CREATE FUNCTION $.reached(of_workspace integer, contacts text[], further text[], most bigint, with_groups boolean)
RETURNS TABLE (key text, contact text)
LANGUAGE plpgsql STABLE SET jit = off AS $body$
#variable_conflict use_column
BEGIN RETURN QUERY
WITH RECURSIVE reached(contact) AS (
  SELECT contact FROM (
    SELECT unnest(contacts::text[]) COLLATE "C" AS contact
    UNION
    SELECT holder.contact FROM unnest(further::text[]) AS k(key) CROSS JOIN LATERAL (
      SELECT contact, count(*) OVER () AS holders FROM (
        SELECT contact FROM $.key WHERE workspace = of_workspace AND key = k.key AND NOT blocked LIMIT most + 1) held) holder
    WHERE with_groups AND holder.holders <= most) seeds
  UNION
  SELECT holder.contact
  FROM reached r CROSS JOIN LATERAL (
    SELECT key FROM $.key WHERE with_groups AND workspace = of_workspace AND contact = r.contact OFFSET 0) k
  CROSS JOIN LATERAL (
    SELECT contact, count(*) OVER () AS holders FROM (
      SELECT contact FROM $.key WHERE workspace = of_workspace AND key = k.key AND NOT blocked LIMIT most + 1) held) holder
  WHERE holder.holders <= most
), keys(key) AS (
  SELECT k.key FROM reached r CROSS JOIN LATERAL (
    SELECT key FROM $.key WHERE workspace = of_workspace AND contact = r.contact OFFSET 0) k
  UNION
  SELECT unnest(further::text[]) COLLATE "C"
)
SELECT keys.key, holder.contact FROM keys LEFT JOIN LATERAL (
  SELECT contact FROM $.key WHERE workspace = of_workspace AND key = keys.key AND NOT blocked LIMIT most + 1) holder ON true;
END $body$;
