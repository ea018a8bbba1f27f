package dev.skep.api.security;

import dev.skep.common.Ids;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names requests: by the client's {@link #HEADER} where that is sane, else by a new id. */
@Singleton
public class RequestIds {

  public static final String HEADER = "X-Request-Id";

  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final Ids ids;

  public RequestIds(Ids ids) {
    this.ids = ids;
  }

  public String of(@Nullable String given) {
    return given != null && SANE.matcher(given).matches() ? given : ids.next().toString();
  }
}
