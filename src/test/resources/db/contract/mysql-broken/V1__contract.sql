-- The first step of the contract with a mistake after its first table.
CREATE TABLE IF NOT EXISTS counter (
  name VARBINARY(255) NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS entry (
  id NO SUCH TYPE
);
