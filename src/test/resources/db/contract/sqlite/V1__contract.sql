-- The tables of SqlStoreContract.
CREATE TABLE counter (
  name TEXT NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);

CREATE TABLE entry (
  id BLOB NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  number BIGINT,
  at BIGINT,
  data BLOB
);
CREATE UNIQUE INDEX entry_name ON entry (name);
