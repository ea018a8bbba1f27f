package dev.skep.api.rest;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which methods a path has, for {@code Allow} (RFC 9110, section 15.5.6). RESTEasy does not tell,
 * so it is read once from the annotations of the resources. Thread-safe.
 */
@Singleton
public class AllowedMethods {

  private static final Pattern PARAMETER = Pattern.compile("\\{\\w+(?:: (?<any>\\.\\*))?}");

  private record Route(Pattern path, String method) {}

  private final BeanManager beans;
  private volatile @Nullable List<Route> routes;

  public AllowedMethods(BeanManager beans) {
    this.beans = beans;
  }

  /** In alphabetical order; empty where no resource is. */
  Set<String> of(String path) {
    Set<String> methods = new TreeSet<>();
    routes().stream()
        .filter(route -> route.path.matcher(path).matches())
        .forEach(route -> methods.add(route.method));
    if (methods.contains(HttpMethod.GET)) {
      methods.add(HttpMethod.HEAD);
    }
    return methods;
  }

  private List<Route> routes() {
    @Nullable List<Route> known = routes;
    if (known == null) {
      known = read();
      routes = known;
    }
    return known;
  }

  private List<Route> read() {
    List<Route> read = new ArrayList<>();
    for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
      @Nullable Path base = bean.getBeanClass().getAnnotation(Path.class);
      if (base != null) {
        for (Method method : bean.getBeanClass().getMethods()) {
          add(read, base.value(), method);
        }
      }
    }
    return List.copyOf(read);
  }

  private static void add(List<Route> read, String base, Method method) {
    for (Annotation annotation : method.getAnnotations()) {
      @Nullable HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
      if (http != null) {
        @Nullable Path below = method.getAnnotation(Path.class);
        read.add(
            new Route(pattern(below == null ? base : base + "/" + below.value()), http.value()));
      }
    }
  }

  private static Pattern pattern(String template) {
    String path = template.replaceAll("/+", "/").replaceAll("^/|/$", "");
    String expression =
        PARAMETER.matcher(path).replaceAll(match -> match.group("any") == null ? "[^/]+" : ".*");
    return Pattern.compile("/" + expression + "/?");
  }
}
