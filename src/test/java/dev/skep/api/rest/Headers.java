package dev.skep.api.rest;

import jakarta.ws.rs.core.HttpHeaders;
import java.lang.reflect.Proxy;
import java.util.List;

/** The headers of a request that has just one. */
final class Headers {

  private Headers() {}

  static HttpHeaders of(String name, String value) {
    return (HttpHeaders)
        Proxy.newProxyInstance(
            HttpHeaders.class.getClassLoader(),
            new Class<?>[] {HttpHeaders.class},
            (proxy, method, arguments) -> {
              boolean asked = arguments != null && name.equalsIgnoreCase((String) arguments[0]);
              return switch (method.getName()) {
                case "getRequestHeader" -> asked ? List.of(value) : null;
                case "getHeaderString" -> asked ? value : null;
                default -> throw new UnsupportedOperationException(method.getName());
              };
            });
  }
}
