-- The drive on one machine: the whole schema. See docs/architecture.md and docs/adr for the why.
-- Ids are 16 bytes, names bytes of UTF-8, times microseconds since 1970 written by the application;
-- no column of a unique key is NULL. Each statement does nothing where it was done before: this engine undoes no change
-- of tables, so a step that was killed half way is run again.

-- One row: which installation this is. The generation is raised only by a restore from a backup.
-- The key seals the cursors of pages, for every replica alike.
CREATE TABLE IF NOT EXISTS installation (
  one INTEGER NOT NULL PRIMARY KEY,
  id BINARY(16) NOT NULL,
  generation BIGINT NOT NULL,
  cursor_key VARBINARY(32) NOT NULL,
  created_at BIGINT NOT NULL
) ENGINE=InnoDB;

-- One row: serialises changes of people, groups, sessions and administration; epoch rises when anyone's rights may change.
CREATE TABLE IF NOT EXISTS identities (
  one INTEGER NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,
  epoch BIGINT NOT NULL
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS account (
  id BINARY(16) NOT NULL PRIMARY KEY,
  name VARBINARY(64) NOT NULL,
  display_name VARBINARY(1020) NOT NULL,
  email VARBINARY(1020) NOT NULL,
  type VARBINARY(16) NOT NULL,
  admin INTEGER NOT NULL,
  disabled INTEGER NOT NULL,
  password_hash VARBINARY(1020),
  home_id BINARY(16) NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE KEY account_name (name)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS team (
  id BINARY(16) NOT NULL PRIMARY KEY,
  name VARBINARY(64) NOT NULL,
  display_name VARBINARY(1020) NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE KEY team_name (name)
) ENGINE=InnoDB;

-- member_kind: 1 user, 2 group
CREATE TABLE IF NOT EXISTS membership (
  team_id BINARY(16) NOT NULL,
  member_kind INTEGER NOT NULL,
  member_id BINARY(16) NOT NULL,
  PRIMARY KEY (team_id, member_kind, member_id),
  KEY membership_member (member_kind, member_id, team_id)
) ENGINE=InnoDB;

-- Sessions (kind 1) and access tokens (kind 2); the secret is kept only as its SHA-256.
CREATE TABLE IF NOT EXISTS credential (
  id BINARY(16) NOT NULL PRIMARY KEY,
  secret_hash BINARY(32) NOT NULL,
  account_id BINARY(16) NOT NULL,
  kind INTEGER NOT NULL,
  name VARBINARY(1020) NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used_at BIGINT,
  UNIQUE KEY credential_secret (secret_hash),
  KEY credential_account (account_id, kind, id),
  KEY credential_expiry (expires_at)
) ENGINE=InnoDB;

-- What a scoped token may do: rights on a node and all below it. path is what its owner typed.
CREATE TABLE IF NOT EXISTS credential_scope (
  credential_id BINARY(16) NOT NULL,
  node_id BINARY(16) NOT NULL,
  path VARBINARY(4096) NOT NULL,
  rights INTEGER NOT NULL,
  PRIMARY KEY (credential_id, node_id)
) ENGINE=InnoDB;

-- The serialisation point of a tree (P3). owner_id is zero for a shared workspace; quota -1 means none.
CREATE TABLE IF NOT EXISTS workspace (
  id BINARY(16) NOT NULL PRIMARY KEY,
  slug VARBINARY(64) NOT NULL,
  name VARBINARY(1020) NOT NULL,
  owner_id BINARY(16) NOT NULL,
  root_id BINARY(16) NOT NULL,
  trash_id BINARY(16) NOT NULL,
  seq BIGINT NOT NULL,
  rights_epoch BIGINT NOT NULL,
  quota BIGINT NOT NULL,
  used BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE KEY workspace_slug (slug),
  KEY workspace_owner (owner_id)
) ENGINE=InnoDB;

-- Files (type 1) and folders (type 0). The parent of a root, a trash root and a purged node is the workspace's id,
-- which is no node. A trashed node hangs under the trash root, named by its id; rights_parent_id is where it still
-- inherits its rights from, origin_id and origin_name where it was. client_modified_at is what the client says.
CREATE TABLE IF NOT EXISTS node (
  id BINARY(16) NOT NULL PRIMARY KEY,
  workspace_id BINARY(16) NOT NULL,
  parent_id BINARY(16) NOT NULL,
  name VARBINARY(255) NOT NULL,
  type INTEGER NOT NULL,
  version_id BINARY(16) NOT NULL,
  content_id BINARY(16) NOT NULL,
  size BIGINT NOT NULL,
  sha256 BINARY(32),
  media_type VARBINARY(1020) NOT NULL,
  tags MEDIUMBLOB NOT NULL,
  metadata MEDIUMBLOB NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BINARY(16) NOT NULL,
  modified_at BIGINT NOT NULL,
  modified_by BINARY(16) NOT NULL,
  client_modified_at BIGINT,
  rights_parent_id BINARY(16),
  origin_id BINARY(16),
  origin_name VARBINARY(255),
  deleted_at BIGINT,
  deleted_by BINARY(16),
  UNIQUE KEY node_name (parent_id, name),
  KEY node_rights_parent (rights_parent_id)
) ENGINE=InnoDB;

-- Each stored content of a file; the newest is the one that node.version_id names.
CREATE TABLE IF NOT EXISTS version (
  id BINARY(16) NOT NULL PRIMARY KEY,
  node_id BINARY(16) NOT NULL,
  number BIGINT NOT NULL,
  content_id BINARY(16) NOT NULL,
  size BIGINT NOT NULL,
  sha256 BINARY(32),
  media_type VARBINARY(1020) NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BINARY(16) NOT NULL,
  client_modified_at BIGINT,
  UNIQUE KEY version_node (node_id, number),
  KEY version_content (content_id)
) ENGINE=InnoDB;

-- Immutable content; its id is the ETag. Few bytes lie here, framed like a blob's (stored, ADR 12), where rows of
-- kilobytes are at home. Others are an ordered list of parts, each a blob of its own (P7).
CREATE TABLE IF NOT EXISTS content (
  id BINARY(16) NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  sha256 BINARY(32),
  created_at BIGINT NOT NULL,
  `stored` MEDIUMBLOB
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS content_part (
  content_id BINARY(16) NOT NULL,
  number INTEGER NOT NULL,
  blob_id BINARY(16) NOT NULL,
  size BIGINT NOT NULL,
  sha256 BINARY(32) NOT NULL,
  PRIMARY KEY (content_id, number),
  KEY content_part_blob (blob_id)
) ENGINE=InnoDB;

-- state: 0 announced, 1 live, 2 condemned, 3 deleted (P6). due_at: when the sweeper may take its next step.
-- shard: 0-15, which sweeper shard looks after it.
CREATE TABLE IF NOT EXISTS stored_blob (
  id BINARY(16) NOT NULL PRIMARY KEY,
  state INTEGER NOT NULL,
  shard INTEGER NOT NULL,
  due_at BIGINT NOT NULL,
  KEY stored_blob_due (shard, state, due_at)
) ENGINE=InnoDB;

-- Nodes taken out of their tree for good; the sweeper removes them and what is below them in slices.
CREATE TABLE IF NOT EXISTS purged_node (
  node_id BINARY(16) NOT NULL PRIMARY KEY,
  workspace_id BINARY(16) NOT NULL,
  shard INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  KEY purge_shard (shard, node_id)
) ENGINE=InnoDB;

-- subject_kind: 1 user, 2 group, 3 everyone (zero id), 4 link. rights: bits; 0 ends inheritance.
CREATE TABLE IF NOT EXISTS permission (
  node_id BINARY(16) NOT NULL,
  subject_kind INTEGER NOT NULL,
  subject_id BINARY(16) NOT NULL,
  workspace_id BINARY(16) NOT NULL,
  rights INTEGER NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (node_id, subject_kind, subject_id),
  KEY permission_subject (subject_kind, subject_id, workspace_id),
  KEY permission_workspace (workspace_id)
) ENGINE=InnoDB;

-- One row a transaction, gapless per workspace (P10); the zero workspace is identities' own.
CREATE TABLE IF NOT EXISTS outbox (
  workspace_id BINARY(16) NOT NULL,
  seq BIGINT NOT NULL,
  tx_id BINARY(16) NOT NULL,
  at BIGINT NOT NULL,
  actor_id BINARY(16) NOT NULL,
  request_id VARBINARY(64) NOT NULL,
  changes LONGBLOB NOT NULL,
  PRIMARY KEY (workspace_id, seq),
  KEY outbox_tx (tx_id)
) ENGINE=InnoDB;

-- Fencing (P11): the highest token that wrote for a duty, and the epoch of the coordinator that gave it.
CREATE TABLE IF NOT EXISTS token_epoch (
  id INTEGER NOT NULL PRIMARY KEY,
  epoch BIGINT NOT NULL,
  identity VARBINARY(1020) NOT NULL
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS fence (
  duty VARBINARY(100) NOT NULL PRIMARY KEY,
  epoch BIGINT NOT NULL,
  number BIGINT NOT NULL
) ENGINE=InnoDB;

-- Idempotency-Key (P24): the answer of the first request, kept for a day.
CREATE TABLE IF NOT EXISTS idempotency (
  account_id BINARY(16) NOT NULL,
  request_key VARBINARY(255) NOT NULL,
  digest BINARY(32) NOT NULL,
  answer LONGBLOB NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, request_key),
  KEY idempotency_age (created_at)
) ENGINE=InnoDB;

-- The last known settings, for a start without the config store.
CREATE TABLE IF NOT EXISTS setting_copy (
  setting_key VARBINARY(255) NOT NULL PRIMARY KEY,
  value MEDIUMBLOB NOT NULL,
  revision BIGINT NOT NULL
) ENGINE=InnoDB;

-- Replicas that run on these tables (P23).
CREATE TABLE IF NOT EXISTS heartbeat (
  replica_id BINARY(16) NOT NULL PRIMARY KEY,
  version VARBINARY(64) NOT NULL,
  drivers VARBINARY(1020) NOT NULL,
  at BIGINT NOT NULL
) ENGINE=InnoDB;

INSERT IGNORE INTO identities (one, seq, epoch) VALUES (1, 0, 0);
