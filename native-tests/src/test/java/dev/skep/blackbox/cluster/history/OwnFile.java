package dev.skep.blackbox.cluster.history;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What its only writer knows of a file. Others see its id and its registers; the rest is for the
 * writer's thread.
 */
final class OwnFile {

  enum Where {
    TREE,
    TRASH,
    GONE,
    /** Not even its writer knows; it is left alone until the end. */
    LOST
  }

  private final String key;
  private final boolean atEdge;
  private final String firstFolder;
  private volatile String id = "";
  private Where where = Where.LOST;
  private String parent = "";
  private String name = "";
  private String etag = "";
  private long revision;
  private boolean pinned;
  private boolean doubted;

  OwnFile(String key, World.Home home) {
    this.key = key;
    this.atEdge = home.edge();
    this.firstFolder = home.folder();
  }

  /** The name under which it was made. */
  String key() {
    return key;
  }

  /** The folder in which it was made. */
  String firstFolder() {
    return firstFolder;
  }

  String content() {
    return "content " + key;
  }

  String place() {
    return "place " + key;
  }

  /** Empty until it is known. */
  String id() {
    return id;
  }

  boolean isAtEdge() {
    return atEdge;
  }

  Where where() {
    return where;
  }

  String parent() {
    return parent;
  }

  String name() {
    return name;
  }

  String etag() {
    return etag;
  }

  long revision() {
    return revision;
  }

  /** In the tree, as the API tells. */
  void is(JsonNode node) {
    where = Where.TREE;
    id = node.path("id").asText();
    parent = node.path("parentId").asText();
    name = node.path("name").asText();
    etag = node.path("etag").asText();
    revision = node.path("revision").asLong();
  }

  void is(Where now) {
    where = now;
  }

  void trashed() {
    where = Where.TRASH;
    revision++;
  }

  /** It must stay where it was made. */
  void pinned(boolean now) {
    pinned = now;
  }

  boolean isPinned() {
    return pinned;
  }

  /** Whether a request of unknown fate may change it, now or at any time from now on. */
  void doubted(boolean now) {
    doubted |= now;
  }

  boolean isDoubted() {
    return doubted;
  }
}
