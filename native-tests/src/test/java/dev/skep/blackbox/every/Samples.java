package dev.skep.blackbox.every;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Description.Operation;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One thing of each kind, so that every route of the description can be asked for something that is
 * there, with a body that would do, and a look at all of it, to see that a refusal changed nothing.
 */
final class Samples {

  private static final String KEY = "identity.session-hours";

  private final Client admin;
  private final People people;
  private final String slug;
  private final String folder;
  private final String folderName = "sample";
  private final String file;
  private final String version;
  private final String trashed;
  private final Client user;
  private final String group;
  private final String session;
  private final String token;
  private final long settingRevision;
  private final Client reader;
  private final Client blind;
  private final Client scoped;

  Samples(Skep skep) {
    people = new People(skep);
    admin = skep.admin();
    slug = people.workspace("samples");
    Answer made = admin.put("/files/" + slug + "/" + folderName + "/file.txt", "one").is(201);
    file = made.id();
    folder = made.text("parentId");
    version = admin.get("/nodes/" + file + "/versions").json().at("/items/0/id").asText();
    admin.put("/files/" + slug + "/" + folderName + "/file.txt", "two").is(200);
    trashed = admin.put("/files/" + slug + "/" + folderName + "/gone.txt", "gone").is(201).id();
    admin.delete("/nodes/" + trashed).is(204);
    user = people.person("sample");
    admin
        .putJson("/nodes/" + file + "/permissions/user:" + user.user(), People.rights("read"))
        .is(201);
    group = people.group("sample", "user:" + user.user());
    session =
        skep.nobody()
            .post(
                "/sessions",
                "{'name':'" + user.user() + "','password':'" + people.password() + "'}")
            .id();
    token = admin.post("/tokens", "{'name':'sample'}").is(201).id();
    admin.putJson("/settings/" + KEY, "{'value':25}").is(200);
    String root = people.root(slug);
    reader = people.person("reader");
    people.grant(root, "user:" + reader.user(), "read");
    blind = people.person("blind");
    people.grant(root, "user:" + blind.user(), "write");
    String scope = "{'path':'/" + slug + "/" + folderName + "','rights':['read','write']}";
    scoped =
        skep.as(
            "admin",
            admin.post("/tokens", "{'name':'scoped','scopes':[" + scope + "]}").text("token"));
    settingRevision =
        admin.get("/settings/" + KEY + "/history").json().at("/items/0/revision").asLong();
  }

  Client admin() {
    return admin;
  }

  /** Somebody who may see the samples, but may not do this with them. */
  Client whoMayNot(Operation operation) {
    String route = operation.route();
    boolean content = route.startsWith("/api/v1/files") || route.startsWith("/api/v1/nodes");
    boolean reads = operation.method().equals("GET") || operation.method().equals("HEAD");
    if (content) {
      return reads ? blind : reader;
    }
    boolean secrets = route.startsWith("/api/v1/sessions") || route.startsWith("/api/v1/tokens");
    return secrets || (reads && !route.startsWith("/api/v1/settings")) ? scoped : reader;
  }

  /** Somebody with {@code read} on all of the samples. */
  Client reader() {
    return reader;
  }

  /** An access token of the administrator that opens the samples' folder only. */
  Client scoped() {
    return scoped;
  }

  /** The path of something that is there. */
  String path(Operation operation) {
    String route = operation.route();
    return switch (route) {
      case "/api/v1/nodes/lookup" -> route + "?path=/" + slug + "/" + folderName + "/file.txt";
      case "/api/v1/trash" -> route + "?workspace=" + slug;
      default -> filled(route, Map.of("id", id(route), "name", name(route)));
    };
  }

  /** The path of something that is not there, of the same form. */
  String pathOfNothing(Operation operation) {
    String route = operation.route();
    return switch (route) {
      case "/api/v1/nodes/lookup" -> route + "?path=/" + slug + "/" + folderName + "/nothing.txt";
      case "/api/v1/trash" -> route + "?workspace=no-such-workspace";
      case "/api/v1/files/{workspace}/{path}" ->
          "/api/v1/files/"
              + (operation.method().equals("PUT") ? "no-such-workspace" : slug)
              + "/no";
      default ->
          filled(route, Map.of("id", "0190c2a4-7b6e-7f00-8000-0123456789ab", "name", "no-such"))
              .replace("/" + slug, "/no-such-workspace")
              .replace("/" + KEY, "/no.such-setting");
    };
  }

  private String filled(String route, Map<String, String> values) {
    return route
        .replace("{id}", values.get("id"))
        .replace("{name}", values.get("name"))
        .replace("{workspace}/{path}", slug + "/" + folderName + "/file.txt")
        .replace("{version}", version)
        .replace("{subject}", "user:" + user.user())
        .replace("{slug}", slug)
        .replace("{key}", KEY);
  }

  private String id(String route) {
    if (route.startsWith("/api/v1/trash")) {
      return trashed;
    }
    if (route.startsWith("/api/v1/sessions")) {
      return session;
    }
    if (route.startsWith("/api/v1/tokens")) {
      return token;
    }
    return route.endsWith("/children") ? folder : file;
  }

  private String name(String route) {
    if (route.startsWith("/api/v1/cluster/duties")) {
      return "answers";
    }
    return route.startsWith("/api/v1/groups") ? group : user.user();
  }

  /** A body that would do, in single quotes. */
  String body(Operation operation) {
    return switch (operation.method() + " " + operation.route().substring("/api/v1".length())) {
      case "PATCH /nodes/{id}" -> "{'tags':['tagged']}";
      case "POST /nodes/{id}/children" -> "{'name':'" + Names.fresh("folder") + "'}";
      case "POST /nodes/{id}/copy" ->
          "{'parentId':'" + folder + "','name':'" + Names.fresh("copy") + "'}";
      case "PUT /nodes/{id}/permissions/{subject}" -> "{'rights':['read','write']}";
      case "POST /trash/{id}/restore" -> "{'name':'" + Names.fresh("restored") + "'}";
      case "POST /workspaces" -> "{'slug':'" + Names.fresh("made") + "'}";
      case "PATCH /workspaces/{slug}" -> "{'name':'Changed'}";
      case "POST /users", "POST /groups" -> "{'name':'" + Names.fresh("made") + "'}";
      case "PATCH /users/{name}", "PATCH /groups/{name}" -> "{'displayName':'Changed'}";
      case "PUT /users/{name}/password" -> "{'password':'another long password'}";
      case "POST /sessions" ->
          "{'name':'" + user.user() + "','password':'" + people.password() + "'}";
      case "POST /tokens" -> "{'name':'made'}";
      case "PUT /settings/{key}" -> "{'value':26}";
      case "POST /settings/{key}/rollback" -> "{'revision':" + settingRevision + "}";
      default -> throw new IllegalArgumentException(operation + " has no JSON body here");
    };
  }

  /** All that the samples show of themselves. */
  String state() {
    return List.of(
            "/nodes/" + file,
            "/nodes/" + folder,
            "/nodes/" + folder + "/children",
            "/nodes/" + file + "/content",
            "/nodes/" + file + "/versions",
            "/nodes/" + file + "/permissions",
            "/trash?workspace=" + slug,
            "/workspaces?limit=1000",
            "/users?limit=1000",
            "/groups?limit=1000",
            "/settings",
            "/settings/" + KEY + "/history")
        .stream()
        .map(path -> path + " " + admin.get(path).is(200).text())
        .collect(Collectors.joining("\n"))
        .concat(ids("/sessions", user))
        .concat(ids("/tokens", admin));
  }

  private static String ids(String path, Client client) {
    // Not whole: the time of last use changes by the look itself.
    return "\n" + path + " " + client.get(path + "?limit=1000").is(200).items("id");
  }

  Client user() {
    return user;
  }

  People people() {
    return people;
  }
}
