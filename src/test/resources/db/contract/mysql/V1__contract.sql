-- The tables of SqlStoreContract.
CREATE TABLE IF NOT EXISTS counter (
  name VARBINARY(255) NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS entry (
  id BINARY(16) NOT NULL PRIMARY KEY,
  name VARBINARY(255) NOT NULL,
  number BIGINT,
  at BIGINT,
  data VARBINARY(1000),
  UNIQUE KEY entry_name (name)
);
