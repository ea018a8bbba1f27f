package dev.skep.api.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/**
 * Refuses a path or query in which a {@code %} is not followed by two hexadecimal digits. It comes
 * before the REST server, which would answer without a problem document.
 */
@Singleton
public class EscapeGuard {

  private static final Pattern BROKEN = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final int EARLY = 1000;

  private final ObjectMapper json;
  private final Ids ids;

  public EscapeGuard(ObjectMapper json, Ids ids) {
    this.json = json;
    this.ids = ids;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, EARLY);
  }

  private void check(RoutingContext context) {
    if (BROKEN.matcher(context.request().uri()).find()) {
      refuse(context);
    } else {
      context.next();
    }
  }

  private void refuse(RoutingContext context) {
    String requestId = ids.next().toString();
    Problem problem =
        Problem.of(
            new SkepException(
                ErrorCode.BAD_PATH,
                "The path: a % must be followed by two hexadecimal digits; %25 is a % itself"),
            requestId);
    context
        .response()
        .setStatusCode(problem.status())
        .putHeader("Content-Type", Problem.MEDIA_TYPE)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Request-Id", requestId)
        .end(text(problem));
  }

  private String text(Problem problem) {
    try {
      return json.writeValueAsString(problem);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
