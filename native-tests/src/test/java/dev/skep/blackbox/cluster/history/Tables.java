package dev.skep.blackbox.cluster.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.skep.blackbox.cluster.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks into the tables of MariaDB and the folder of the S3 server, past all replicas. */
final class Tables {

  private static final String ZERO = "00000000-0000-0000-0000-000000000000";
  private static final int SLICE = 2_000;
  private static final String BLOB = "blob.";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A version whose bytes can be asked for. */
  record Version(String id, String node, String workspace, String digest, long size) {}

  /** What must be empty, in words, and the rows that are wrong. */
  private static final Map<String, String> WRONG =
      Map.of(
          "a part has no live blob",
          "SELECT HEX(p.content_id) FROM content_part p LEFT JOIN stored_blob b ON b.id = p.blob_id"
              + " AND b.state = 1 WHERE b.id IS NULL",
          "a live blob is no part of anything",
          "SELECT HEX(b.id) FROM stored_blob b LEFT JOIN content_part p ON p.blob_id = b.id"
              + " WHERE b.state = 1 AND p.blob_id IS NULL",
          "a content has no bytes",
          "SELECT HEX(c.id) FROM content c LEFT JOIN content_part p ON p.content_id = c.id"
              + " WHERE c.stored IS NULL AND p.content_id IS NULL",
          "a part has no content",
          "SELECT HEX(p.content_id) FROM content_part p LEFT JOIN content c ON c.id = p.content_id"
              + " WHERE c.id IS NULL",
          "a content has no version",
          "SELECT HEX(c.id) FROM content c LEFT JOIN version v ON v.content_id = c.id"
              + " WHERE v.id IS NULL",
          "a version has no content",
          "SELECT HEX(v.id) FROM version v LEFT JOIN content c ON c.id = v.content_id"
              + " WHERE c.id IS NULL",
          "a version has no node",
          "SELECT HEX(v.id) FROM version v LEFT JOIN node n ON n.id = v.node_id WHERE n.id IS NULL",
          "a file's version is not its newest",
          "SELECT HEX(n.id) FROM node n JOIN version v ON v.node_id = n.id WHERE n.type = 1 AND"
              + " (v.id = n.version_id) <> (v.number = (SELECT MAX(m.number) FROM version m WHERE"
              + " m.node_id = n.id))",
          "a purged node is not removed",
          "SELECT HEX(node_id) FROM purged_node",
          "an entry is on no node",
          "SELECT HEX(p.node_id) FROM permission p LEFT JOIN node n ON n.id = p.node_id"
              + " WHERE n.id IS NULL");

  private final Servers servers;

  Tables(Servers servers) {
    this.servers = servers;
  }

  /** What changes while anything is under way: equal at two moments means that all rests. */
  String pulse() {
    return servers.sql("SELECT SUM(seq), SUM(used), SUM(revision) FROM workspace")
        + " "
        + servers.sql("SELECT seq FROM identities")
        + " "
        + servers.sql("SELECT COUNT(*) FROM purged_node");
  }

  boolean isAtRest() {
    return servers.sql("SELECT COUNT(*) FROM purged_node").getFirst().getFirst().equals("0")
        && servers
            .sql(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE command <> 'Sleep' AND id <> CONNECTION_ID()")
            .getFirst()
            .getFirst()
            .equals("0");
  }

  void read(Found found) {
    workspaces(found);
    nodes(found);
    servers.sql("SELECT name FROM account").forEach(row -> found.users.add(row.getFirst()));
    found.workspaces.forEach(workspace -> outbox(found, workspace));
    WRONG.forEach(
        (what, statement) ->
            servers.sql(statement).forEach(row -> found.damages.add(what + ": " + row.getFirst())));
    blobs(found);
  }

  private void workspaces(Found found) {
    Map<String, Long> stored = new HashMap<>();
    servers
        .sql(
            "SELECT HEX(n.workspace_id), SUM(v.size) FROM version v JOIN node n ON n.id = v.node_id"
                + " GROUP BY n.workspace_id")
        .forEach(row -> stored.put(id(row.get(0)), Long.valueOf(row.get(1))));
    servers
        .sql("SELECT HEX(id), HEX(root_id), HEX(trash_id), seq, quota, used FROM workspace")
        .forEach(
            row ->
                found.workspaces.add(
                    new Found.Workspace(
                        id(row.get(0)),
                        id(row.get(1)),
                        id(row.get(2)),
                        Long.parseLong(row.get(3)),
                        Long.parseLong(row.get(4)),
                        Long.parseLong(row.get(5)),
                        stored.getOrDefault(id(row.get(0)), 0L))));
    // What belongs to no workspace is told under the zero one.
    long seq = Long.parseLong(servers.sql("SELECT seq FROM identities").getFirst().getFirst());
    found.workspaces.add(new Found.Workspace(ZERO, "", "", seq, -1, 0, 0));
  }

  private void nodes(Found found) {
    servers
        .sql(
            "SELECT HEX(id), HEX(workspace_id), HEX(parent_id), name, COALESCE(origin_name, name),"
                + " type, COALESCE(LOWER(HEX(sha256)), ''), HEX(content_id), revision FROM node")
        .forEach(
            row ->
                found.nodes.add(
                    new Found.Node(
                        id(row.get(0)),
                        id(row.get(1)),
                        id(row.get(2)),
                        row.get(4),
                        row.get(5).equals("1"),
                        row.get(6),
                        state(id(row.get(2)), row.get(3), id(row.get(7)), row.get(8)))));
  }

  private static String state(String parent, String name, String content, String revision) {
    return "%s/%s with %s, revision %s".formatted(parent, name, content, revision);
  }

  /** All versions of nodes that are there, the oldest of each node first. */
  List<Version> versions() {
    return servers
        .sql(
            "SELECT HEX(v.id), HEX(v.node_id), HEX(n.workspace_id), LOWER(HEX(v.sha256)), v.size"
                + " FROM version v JOIN node n ON n.id = v.node_id ORDER BY v.node_id, v.number")
        .stream()
        .map(
            row ->
                new Version(
                    id(row.get(0)),
                    id(row.get(1)),
                    id(row.get(2)),
                    row.get(3),
                    Long.parseLong(row.get(4))))
        .toList();
  }

  private void outbox(Found found, Found.Workspace workspace) {
    String hex = workspace.id().replace("-", "");
    for (long from = 0; ; from += SLICE) {
      List<List<String>> rows =
          servers.sql(
              "SELECT seq, HEX(changes) FROM outbox WHERE workspace_id = X'%s' ORDER BY seq LIMIT %d OFFSET %d"
                  .formatted(hex, SLICE, from));
      for (List<String> row : rows) {
        long seq = Long.parseLong(row.get(0));
        found.outbox(workspace.id(), seq);
        changes(row.get(1))
            .forEach(change -> tell(found, seq, change.path("type").asText(), change));
      }
      if (rows.size() < SLICE) {
        return;
      }
    }
  }

  private static void tell(Found found, long seq, String type, JsonNode change) {
    if (!type.startsWith("node.")) {
      return;
    }
    String node = change.path("subject").asText();
    JsonNode state = change.path("state");
    String told =
        type.startsWith("node.purg")
            ? ""
            : state(
                state.path("parentId").asText(),
                state.path("name").asText(),
                state.path("contentId").asText(),
                state.path("revision").asText());
    found.told.put(node, new Found.Told(node, seq, told));
  }

  private static JsonNode changes(String hex) {
    try {
      return JSON.readTree(HexFormat.of().parseHex(hex));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each live blob is an object in S3, and each object is known. */
  private void blobs(Found found) {
    Set<String> objects = objects();
    Set<String> known = new TreeSet<>();
    List<String> missing = new ArrayList<>();
    servers
        .sql("SELECT HEX(id), state FROM stored_blob")
        .forEach(
            row -> {
              known.add(id(row.get(0)));
              if (row.get(1).equals("1") && !objects.contains(id(row.get(0)))) {
                missing.add(id(row.get(0)));
              }
            });
    missing.forEach(id -> found.damages.add("a live blob is not in the object store: " + id));
    objects.removeAll(known);
    objects.forEach(id -> found.damages.add("an object that no row knows: " + id));
  }

  /** The S3 server keeps each object as a file of its name; a key's slashes are dots there. */
  Set<String> objects() {
    Path folder = servers.log(servers.s3()).resolveSibling("s3");
    try (Stream<Path> files = java.nio.file.Files.walk(folder)) {
      return files
          .filter(file -> file.getParent().getFileName().toString().equals("blobs"))
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(BLOB))
          .map(name -> name.substring(BLOB.length()))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the API writes it. */
  private static String id(String hex) {
    return hex.toLowerCase(Locale.ROOT)
        .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
  }
}
