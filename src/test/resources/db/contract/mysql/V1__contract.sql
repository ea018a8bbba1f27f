-- The tables of SqlStoreContract.
CREATE TABLE counter (
  name VARBINARY(255) NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);

CREATE TABLE entry (
  id BINARY(16) NOT NULL PRIMARY KEY,
  name VARBINARY(255) NOT NULL,
  number BIGINT,
  at BIGINT,
  data VARBINARY(1000)
);
CREATE UNIQUE INDEX entry_name ON entry (name);
