package dev.skep.boot;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Writes docs/configuration.md from the configuration mappings and their Javadoc. */
public final class ConfigurationReference {

  private static final String HEAD =
      """
      # Configuration

      <!-- Generated from the Javadoc of the configuration mappings by `./skep docs`; a test fails when it is not. -->

      What is fixed at start. Each key is set by its environment variable, by a Java system property
      (`java -Dskep.data=/srv/skep -jar …`) or in `config/application.properties` beside the place of start; the first of
      these that has it wins. A wrong key or value ends the start with a report of everything that is wrong. Settings that
      change at run time are in `/api/v1/settings` instead.

      ## The network

      | key | variable | default | meaning |
      |---|---|---|---|
      | `quarkus.http.port` | `QUARKUS_HTTP_PORT` | `8080` | The port; `0` takes a free one. |
      | `quarkus.http.host` | `QUARKUS_HTTP_HOST` | `127.0.0.1` | The address to listen on. `0.0.0.0` opens Skep to the network: only behind a proxy that speaks TLS, since secrets travel in requests. |
      | `quarkus.http.idle-timeout` | `QUARKUS_HTTP_IDLE_TIMEOUT` | `60S` | After how long without a byte a connection is closed. |
      | `quarkus.shutdown.timeout` | `QUARKUS_SHUTDOWN_TIMEOUT` | `5S` | How long running requests may go on after SIGTERM; ending background work and closing the stores takes at most 4.5 s more. |
      """;

  private ConfigurationReference() {}

  public static String text() throws IOException {
    StringBuilder text = new StringBuilder(HEAD);
    for (Class<?> mapping : Mappings.ALL) {
      section(text, mapping);
    }
    return text.toString();
  }

  private static void section(StringBuilder text, Class<?> mapping) throws IOException {
    Map<String, String> javadoc = javadoc(mapping);
    text.append("\n## ").append(mapping.getAnnotation(ConfigMapping.class).prefix()).append("\n\n");
    text.append(required(javadoc, mapping.getSimpleName())).append("\n\n");
    text.append("| key | variable | type | default | meaning |\n|---|---|---|---|---|\n");
    Map<String, Property> properties =
        new TreeMap<>(ConfigMappings.getProperties(ConfigClass.configClass(mapping)));
    Map<String, Setting> settings = new HashMap<>();
    Setting.of(mapping).forEach(setting -> settings.put(setting.key(), setting));
    properties.forEach(
        (key, property) -> {
          Method method = property.getMethod();
          String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
          row(text, settings.get(key), required(javadoc, name));
        });
  }

  private static void row(StringBuilder text, Setting setting, String meaning) {
    String byDefault = setting.byDefault();
    text.append(
        "| `%s` | `%s` | %s | %s | %s |%n"
            .formatted(
                setting.key(),
                setting.variable(),
                type(setting.type()),
                byDefault == null ? "–" : "`" + byDefault + "`",
                meaning));
  }

  private static String type(Class<?> type) {
    if (Number.class.isAssignableFrom(type)) {
      return "number";
    }
    return switch (type) {
      case Class<?> t when t == String.class -> "text";
      case Class<?> t when t == Boolean.class -> "`true` or `false`";
      case Class<?> t when t == Duration.class -> "duration";
      case Class<?> t when t == Path.class -> "path";
      case Class<?> t when t.isEnum() -> "one of a few words";
      default -> type.getSimpleName();
    };
  }

  private static String required(Map<String, String> javadoc, String name) {
    String text = javadoc.get(name);
    if (text == null) {
      throw new IllegalStateException(name + " has no Javadoc; it is the configuration reference");
    }
    return text;
  }

  /**
   * The Javadoc of a mapping, what it extends, its groups and their methods, by {@code Type} and
   * {@code Type.method}.
   */
  private static Map<String, String> javadoc(Class<?> mapping) throws IOException {
    Map<String, String> found = new HashMap<>();
    for (Class<?> common : mapping.getInterfaces()) {
      found.putAll(javadoc(common));
    }
    Path source = Path.of("src/main/java", mapping.getName().replace('.', '/') + ".java");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(source));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Comments(docs, found).scan(unit, null);
      }
      return found;
    }
  }

  private static final class Comments extends TreePathScanner<Void, Void> {

    private final DocTrees docs;
    private final Map<String, String> found;

    Comments(DocTrees docs, Map<String, String> found) {
      this.docs = docs;
      this.found = found;
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      put(type.getSimpleName().toString());
      return super.visitClass(type, nothing);
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
      put(owner.getSimpleName() + "." + method.getName());
      return super.visitMethod(method, nothing);
    }

    private void put(String name) {
      String comment = docs.getDocComment(getCurrentPath());
      if (comment != null) {
        found.put(name, markdown(comment));
      }
    }

    private static String markdown(String comment) {
      return comment
          .strip()
          .replaceAll("\\s+", " ")
          .replaceAll("\\{@code ([^}]*)}", "`$1`")
          .replaceAll("\\{@link [#]?([^} ]*)[^}]*}", "`$1`")
          .replace("|", "\\|");
    }
  }
}
