package dev.skep.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What docs/openapi.yaml says: which routes there are and which statuses each may answer with. */
public final class Description {

  private static final Set<String> METHODS =
      Set.of("get", "head", "put", "post", "patch", "delete");

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final Description THIS =
      read(Path.of(System.getProperty("skep.openapi", "../docs/openapi.yaml")));

  private final List<Operation> operations;
  private final List<Route> routes;

  private Description(List<Operation> operations, List<Route> routes) {
    this.operations = operations;
    this.routes = routes;
  }

  public static Description get() {
    return THIS;
  }

  /**
   * A method of a route.
   *
   * @param statuses that it may answer with
   * @param parameters the names of its parameters, as {@code query:limit} or {@code
   *     header:If-Match}
   * @param json whether its body is JSON
   * @param fields of its JSON body
   * @param open whether it needs no log-in
   */
  public record Operation(
      String method,
      String route,
      Set<Integer> statuses,
      Set<String> parameters,
      boolean json,
      List<Field> fields,
      boolean open) {

    @Override
    public String toString() {
      return method + " " + route;
    }
  }

  /** A field of a JSON body. */
  public record Field(String name, JsonNode schema) {

    /** A value of the form that the field has, with this text in each place that may hold one. */
    public JsonNode holding(String text) {
      return holding(schema, text);
    }

    private static JsonNode holding(JsonNode schema, String text) {
      String type = schema.path("type").toString();
      if (type.contains("array")) {
        return NODES.arrayNode().add(holding(schema.path("items"), text));
      }
      if (!type.contains("object")) {
        return NODES.textNode(text);
      }
      ObjectNode object = NODES.objectNode();
      schema
          .path("properties")
          .properties()
          .forEach(it -> object.set(it.getKey(), holding(it.getValue(), text)));
      return object.isEmpty() ? object.put("key", text) : object;
    }
  }

  private record Route(String template, Pattern form, long literals) {

    static Route of(String template) {
      StringBuilder form = new StringBuilder();
      for (String segment : template.substring(1).split("/")) {
        // A path of a file is the one parameter with slashes in it; it may be empty.
        form.append(
            segment.equals("{path}")
                ? "(/.*)?"
                : segment.startsWith("{") ? "/[^/]+" : "/" + Pattern.quote(segment));
      }
      long literals =
          List.of(template.split("/")).stream().filter(it -> !it.startsWith("{")).count();
      return new Route(template, Pattern.compile(form + "/?", Pattern.DOTALL), literals);
    }
  }

  public List<Operation> operations() {
    return operations;
  }

  public Optional<Operation> operation(String method, String route) {
    return operations.stream()
        .filter(it -> it.method().equals(method) && it.route().equals(route))
        .findFirst();
  }

  /**
   * The route that a path, without its query, belongs to: the one with most literal segments.
   * Matrix parameters and a slash at the end name no other, as in JAX-RS.
   */
  public Optional<String> route(String raw) {
    String path = raw.replaceAll(";[^/]*", "");
    return routes.stream()
        .filter(route -> route.form().matcher(path).matches())
        .max(Comparator.comparingLong(Route::literals))
        .map(Route::template);
  }

  private static Description read(Path file) {
    JsonNode whole;
    try {
      whole = new YAMLMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Operation> operations = new ArrayList<>();
    List<Route> routes = new ArrayList<>();
    Map<String, JsonNode> components = new HashMap<>();
    whole
        .path("components")
        .path("parameters")
        .properties()
        .forEach(it -> components.put("#/components/parameters/" + it.getKey(), it.getValue()));
    whole
        .path("components")
        .path("schemas")
        .properties()
        .forEach(it -> components.put("#/components/schemas/" + it.getKey(), it.getValue()));
    for (Map.Entry<String, JsonNode> path : whole.path("paths").properties()) {
      routes.add(Route.of(path.getKey()));
      JsonNode shared = path.getValue().path("parameters");
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())) {
          operations.add(
              operation(path.getKey(), method.getKey(), method.getValue(), shared, components));
        }
      }
    }
    return new Description(List.copyOf(operations), List.copyOf(routes));
  }

  private static Operation operation(
      String route,
      String method,
      JsonNode operation,
      JsonNode shared,
      Map<String, JsonNode> components) {
    Set<Integer> statuses = new TreeSet<>();
    operation
        .path("responses")
        .fieldNames()
        .forEachRemaining(
            status -> {
              if (!status.equals("default")) {
                statuses.add(Integer.valueOf(status));
              }
            });
    Set<String> parameters = new TreeSet<>();
    for (JsonNode list : List.of(shared, operation.path("parameters"))) {
      for (JsonNode given : list) {
        JsonNode parameter = referenced(given, components);
        parameters.add(parameter.path("in").textValue() + ":" + parameter.path("name").textValue());
      }
    }
    return new Operation(
        method.toUpperCase(Locale.ROOT),
        route,
        statuses,
        parameters,
        operation.path("requestBody").path("content").has("application/json"),
        fields(operation.path("requestBody").path("content").path("application/json"), components),
        operation.path("security").isArray() && operation.path("security").isEmpty());
  }

  private static List<Field> fields(JsonNode body, Map<String, JsonNode> components) {
    return referenced(body.path("schema"), components).path("properties").properties().stream()
        .map(it -> new Field(it.getKey(), field(it.getValue(), components)))
        .toList();
  }

  private static JsonNode field(JsonNode given, Map<String, JsonNode> components) {
    JsonNode schema = referenced(given, components);
    return schema.has("items")
        ? schema.<ObjectNode>deepCopy().set("items", referenced(schema.get("items"), components))
        : schema;
  }

  private static JsonNode referenced(JsonNode given, Map<String, JsonNode> components) {
    return given.has("$ref") ? components.get(given.get("$ref").textValue()) : given;
  }
}
