package dev.skep.blackbox.files;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import java.util.List;
import java.util.TreeMap;

/** A folder of its own for a test, in somebody's home, and a look at all that it holds. */
final class Folder {

  private final Client client;
  private final String path;
  private final String id;

  private Folder(Client client, String path, String id) {
    this.client = client;
    this.path = path;
    this.id = id;
  }

  static Folder fresh(Client client) {
    return in(client, "/files/home/" + Names.fresh("folder"));
  }

  /** A new folder at this path, which has no slash at its end. */
  static Folder in(Client client, String path) {
    Answer made = client.put(path + "/", new byte[0]).is(201);
    return new Folder(client, path, made.id());
  }

  /** The path of something in it, as a request takes it. */
  String file(String name) {
    return path + "/" + name;
  }

  /** The same as {@code /nodes/lookup} takes it. */
  String place(String name) {
    return (path + "/" + name).substring("/files".length());
  }

  String path() {
    return path;
  }

  String id() {
    return id;
  }

  Folder folder(String name) {
    return in(client, path + "/" + name);
  }

  List<String> names() {
    return client.get("/nodes/" + id + "/children?limit=1000").is(200).items("name");
  }

  /** Every node below, whole, by its path: what a refused request must leave as it was. */
  String state() {
    TreeMap<String, String> nodes = new TreeMap<>();
    collect(id, nodes);
    return nodes.toString() + client.get("/nodes/" + id).is(200).text();
  }

  private void collect(String folder, TreeMap<String, String> nodes) {
    client
        .get("/nodes/" + folder + "/children?limit=1000")
        .is(200)
        .json()
        .path("items")
        .forEach(
            node -> {
              nodes.put(node.path("path").asText(), node.toString());
              if (node.path("type").asText().equals("folder")) {
                collect(node.path("id").asText(), nodes);
              }
            });
  }
}
