package dev.skep.bench.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * Writes files and folders straight into the database of a stopped Skep: by HTTP a million of them
 * would take an hour. Every file is a copy of one that was uploaded, as the API would have copied
 * it: a node and a version of its own, the content shared. So its content can be read like any
 * other's.
 */
public final class TreeRows implements AutoCloseable {

  private static final String COLUMNS =
      "workspace_id, type, content_id, size, sha256, media_type, tags, metadata, created_at, created_by";
  private static final int COMMIT_EVERY = 50_000;

  private final Connection connection;
  private final PreparedStatement node;
  private final PreparedStatement version;
  private final byte[] workspace;
  private final byte[] root;
  private final Sample sample;
  private long made;
  private long files;

  /** The columns of the file that all others copy. */
  private record Sample(
      byte[] content, long size, byte[] sha256, String mediaType, long at, byte[] by) {}

  private TreeRows(Connection connection, byte[] sampleId) throws SQLException {
    this.connection = connection;
    try (PreparedStatement find =
        connection.prepareStatement("SELECT " + COLUMNS + " FROM node WHERE id = ?")) {
      find.setBytes(1, sampleId);
      try (ResultSet row = find.executeQuery()) {
        row.next();
        workspace = row.getBytes(1);
        sample =
            new Sample(
                row.getBytes(3),
                row.getLong(4),
                row.getBytes(5),
                row.getString(6),
                row.getLong(9),
                row.getBytes(10));
      }
    }
    try (PreparedStatement find =
        connection.prepareStatement("SELECT root_id FROM workspace WHERE id = ?")) {
      find.setBytes(1, workspace);
      try (ResultSet row = find.executeQuery()) {
        row.next();
        root = row.getBytes(1);
      }
    }
    node =
        connection.prepareStatement(
            "INSERT INTO node (id, workspace_id, parent_id, name, type, version_id, content_id, size, sha256,"
                + " media_type, tags, metadata, revision, created_at, created_by, modified_at, modified_by)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', '{}', 1, ?, ?, ?, ?)");
    version =
        connection.prepareStatement(
            "INSERT INTO version (id, node_id, number, content_id, size, sha256, media_type, created_at, created_by)"
                + " VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)");
  }

  /**
   * @param data the folder of a Skep that does not run
   * @param sampleId the id of the uploaded file
   */
  public static TreeRows open(Path data, String sampleId) throws IOException {
    try {
      Connection connection =
          DriverManager.getConnection("jdbc:sqlite:" + data.resolve("sql").resolve("skep.db"));
      try (Statement fast = connection.createStatement()) {
        fast.execute("PRAGMA synchronous = OFF");
        fast.execute("PRAGMA cache_size = -400000");
      }
      connection.setAutoCommit(false);
      return new TreeRows(connection, bytes(UUID.fromString(sampleId)));
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** The id of the workspace's root. */
  public byte[] root() {
    return root;
  }

  /** A new folder; its id. */
  public byte[] folder(byte[] parent, String name) throws IOException {
    byte[] zero = new byte[16];
    return insert(parent, name, 0, zero, zero, 0, null, "");
  }

  /** A new file; its id. */
  public byte[] file(byte[] parent, String name) throws IOException {
    byte[] versionId = nextId();
    byte[] id =
        insert(
            parent,
            name,
            1,
            versionId,
            sample.content,
            sample.size,
            sample.sha256,
            sample.mediaType);
    try {
      version.setBytes(1, versionId);
      version.setBytes(2, id);
      version.setBytes(3, sample.content);
      version.setLong(4, sample.size);
      version.setBytes(5, sample.sha256);
      version.setString(6, sample.mediaType);
      version.setLong(7, sample.at);
      version.setBytes(8, sample.by);
      version.executeUpdate();
    } catch (SQLException e) {
      throw new IOException(e);
    }
    files++;
    return id;
  }

  /** Nodes made so far. */
  public long made() {
    return made;
  }

  public static String text(byte[] id) {
    ByteBuffer both = ByteBuffer.wrap(id);
    return new UUID(both.getLong(), both.getLong()).toString();
  }

  /** Charges the workspace for what was made, and brings all of it into the database's file. */
  @Override
  public void close() throws IOException {
    try (connection) {
      try (PreparedStatement charge =
          connection.prepareStatement("UPDATE workspace SET used = used + ? WHERE id = ?")) {
        charge.setLong(1, files * sample.size);
        charge.setBytes(2, workspace);
        charge.executeUpdate();
      }
      connection.commit();
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private byte[] insert(
      byte[] parent,
      String name,
      int type,
      byte[] versionId,
      byte[] contentId,
      long size,
      byte[] sha256,
      String mediaType)
      throws IOException {
    byte[] id = nextId();
    try {
      node.setBytes(1, id);
      node.setBytes(2, workspace);
      node.setBytes(3, parent);
      node.setString(4, name);
      node.setInt(5, type);
      node.setBytes(6, versionId);
      node.setBytes(7, contentId);
      node.setLong(8, size);
      node.setBytes(9, sha256);
      node.setString(10, mediaType);
      node.setLong(11, sample.at);
      node.setBytes(12, sample.by);
      node.setLong(13, sample.at);
      node.setBytes(14, sample.by);
      node.executeUpdate();
      made++;
      if (made % COMMIT_EVERY == 0) {
        connection.commit();
      }
      return id;
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private long ids;

  /** As Skep makes them: version 7, rising. */
  private byte[] nextId() {
    long millis = sample.at / 1000 + ids / 1000;
    long random = ids * 0x9E3779B97F4A7C15L >>> 2;
    long count = ids++ % 1000;
    return bytes(new UUID(millis << 16 | 0x7000 | count, random | 0x8000000000000000L));
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
