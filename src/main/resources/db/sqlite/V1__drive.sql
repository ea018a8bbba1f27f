-- The drive on one machine: the whole schema. See docs/architecture.md and docs/adr for the why.
-- Ids are 16 bytes, names bytes of UTF-8, times microseconds since 1970 written by the application;
-- no column of a unique key is NULL.

-- One row: which installation this is. The generation is raised only by a restore from a backup.
-- The key seals the cursors of pages, for every replica alike.
CREATE TABLE installation (
  one INTEGER NOT NULL PRIMARY KEY,
  id BLOB NOT NULL,
  generation BIGINT NOT NULL,
  cursor_key BLOB NOT NULL,
  created_at BIGINT NOT NULL
);

-- One row: serialises changes of people, groups, sessions and administration; epoch rises when anyone's rights may change.
CREATE TABLE identities (
  one INTEGER NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,
  epoch BIGINT NOT NULL
);

CREATE TABLE account (
  id BLOB NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  display_name TEXT NOT NULL,
  email TEXT NOT NULL,
  type TEXT NOT NULL,
  admin INTEGER NOT NULL,
  disabled INTEGER NOT NULL,
  password_hash TEXT,
  home_id BLOB NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_name ON account (name);

CREATE TABLE team (
  id BLOB NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  display_name TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX team_name ON team (name);

-- member_kind: 1 user, 2 group
CREATE TABLE membership (
  team_id BLOB NOT NULL,
  member_kind INTEGER NOT NULL,
  member_id BLOB NOT NULL,
  PRIMARY KEY (team_id, member_kind, member_id)
) WITHOUT ROWID;
CREATE INDEX membership_member ON membership (member_kind, member_id, team_id);

-- Sessions (kind 1) and access tokens (kind 2); the secret is kept only as its SHA-256.
CREATE TABLE credential (
  id BLOB NOT NULL PRIMARY KEY,
  secret_hash BLOB NOT NULL,
  account_id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used_at BIGINT
);
CREATE UNIQUE INDEX credential_secret ON credential (secret_hash);
CREATE INDEX credential_account ON credential (account_id, kind, id);
CREATE INDEX credential_expiry ON credential (expires_at);

-- What a scoped token may do: rights on a node and all below it. path is what its owner typed.
CREATE TABLE credential_scope (
  credential_id BLOB NOT NULL,
  node_id BLOB NOT NULL,
  path TEXT NOT NULL,
  rights INTEGER NOT NULL,
  PRIMARY KEY (credential_id, node_id)
) WITHOUT ROWID;

-- The serialisation point of a tree (P3). owner_id is zero for a shared workspace; quota -1 means none.
CREATE TABLE workspace (
  id BLOB NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  owner_id BLOB NOT NULL,
  root_id BLOB NOT NULL,
  trash_id BLOB NOT NULL,
  seq BIGINT NOT NULL,
  rights_epoch BIGINT NOT NULL,
  quota BIGINT NOT NULL,
  used BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX workspace_slug ON workspace (slug);
CREATE INDEX workspace_owner ON workspace (owner_id);

-- Files (type 1) and folders (type 0). The parent of a root, a trash root and a purged node is the workspace's id,
-- which is no node. A trashed node hangs under the trash root, named by its id; rights_parent_id is where it still
-- inherits its rights from, origin_id and origin_name where it was. client_modified_at is what the client says.
CREATE TABLE node (
  id BLOB NOT NULL PRIMARY KEY,
  workspace_id BLOB NOT NULL,
  parent_id BLOB NOT NULL,
  name TEXT NOT NULL,
  type INTEGER NOT NULL,
  version_id BLOB NOT NULL,
  content_id BLOB NOT NULL,
  size BIGINT NOT NULL,
  sha256 BLOB,
  media_type TEXT NOT NULL,
  tags TEXT NOT NULL,
  metadata TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BLOB NOT NULL,
  modified_at BIGINT NOT NULL,
  modified_by BLOB NOT NULL,
  client_modified_at BIGINT,
  rights_parent_id BLOB,
  origin_id BLOB,
  origin_name TEXT,
  deleted_at BIGINT,
  deleted_by BLOB
);
CREATE UNIQUE INDEX node_name ON node (parent_id, name);
CREATE INDEX node_rights_parent ON node (rights_parent_id) WHERE rights_parent_id IS NOT NULL;

-- Each stored content of a file; the newest is the one that node.version_id names.
CREATE TABLE version (
  id BLOB NOT NULL PRIMARY KEY,
  node_id BLOB NOT NULL,
  number BIGINT NOT NULL,
  content_id BLOB NOT NULL,
  size BIGINT NOT NULL,
  sha256 BLOB,
  media_type TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BLOB NOT NULL,
  client_modified_at BIGINT
) WITHOUT ROWID;
CREATE UNIQUE INDEX version_node ON version (node_id, number);
CREATE INDEX version_content ON version (content_id);

-- Immutable content; its id is the ETag. Few bytes lie here, framed like a blob's (stored, ADR 12), where rows of
-- kilobytes are at home. Others are an ordered list of parts, each a blob of its own (P7).
CREATE TABLE content (
  id BLOB NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  sha256 BLOB,
  created_at BIGINT NOT NULL,
  stored BLOB
);

CREATE TABLE content_part (
  content_id BLOB NOT NULL,
  number INTEGER NOT NULL,
  blob_id BLOB NOT NULL,
  size BIGINT NOT NULL,
  sha256 BLOB NOT NULL,
  PRIMARY KEY (content_id, number)
) WITHOUT ROWID;
CREATE INDEX content_part_blob ON content_part (blob_id);

-- state: 0 announced, 1 live, 2 condemned, 3 deleted (P6). due_at: when the sweeper may take its next step.
-- shard: 0-15, which sweeper shard looks after it.
CREATE TABLE stored_blob (
  id BLOB NOT NULL PRIMARY KEY,
  state INTEGER NOT NULL,
  shard INTEGER NOT NULL,
  due_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX stored_blob_due ON stored_blob (shard, state, due_at);

-- Nodes taken out of their tree for good; the sweeper removes them and what is below them in slices.
CREATE TABLE purged_node (
  node_id BLOB NOT NULL PRIMARY KEY,
  workspace_id BLOB NOT NULL,
  shard INTEGER NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX purge_shard ON purged_node (shard, node_id);

-- subject_kind: 1 user, 2 group, 3 everyone (zero id), 4 link. rights: bits; 0 ends inheritance.
CREATE TABLE permission (
  node_id BLOB NOT NULL,
  subject_kind INTEGER NOT NULL,
  subject_id BLOB NOT NULL,
  workspace_id BLOB NOT NULL,
  rights INTEGER NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (node_id, subject_kind, subject_id)
) WITHOUT ROWID;
CREATE INDEX permission_subject ON permission (subject_kind, subject_id, workspace_id);
CREATE INDEX permission_workspace ON permission (workspace_id);

-- One row a transaction, gapless per workspace (P10); the zero workspace is identities' own.
CREATE TABLE outbox (
  workspace_id BLOB NOT NULL,
  seq BIGINT NOT NULL,
  tx_id BLOB NOT NULL,
  at BIGINT NOT NULL,
  actor_id BLOB NOT NULL,
  request_id TEXT NOT NULL,
  changes TEXT NOT NULL,
  PRIMARY KEY (workspace_id, seq)
);
CREATE INDEX outbox_tx ON outbox (tx_id);

-- Fencing (P11): the highest token that wrote for a duty, and the epoch of the coordinator that gave it.
CREATE TABLE token_epoch (
  id INTEGER NOT NULL PRIMARY KEY,
  epoch BIGINT NOT NULL,
  identity TEXT NOT NULL
);
CREATE TABLE fence (
  duty TEXT NOT NULL PRIMARY KEY,
  epoch BIGINT NOT NULL,
  number BIGINT NOT NULL
);

-- Idempotency-Key (P24): the answer of the first request, kept for a day.
CREATE TABLE idempotency (
  account_id BLOB NOT NULL,
  request_key TEXT NOT NULL,
  digest BLOB NOT NULL,
  answer TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, request_key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

-- The last known settings, for a start without the config store.
CREATE TABLE setting_copy (
  setting_key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  revision BIGINT NOT NULL
);

-- Replicas that run on these tables (P23).
CREATE TABLE heartbeat (
  replica_id BLOB NOT NULL PRIMARY KEY,
  version TEXT NOT NULL,
  drivers TEXT NOT NULL,
  at BIGINT NOT NULL
);

INSERT INTO identities (one, seq, epoch) VALUES (1, 0, 0);
