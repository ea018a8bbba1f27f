package dev.skep.boot;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.List;

/**
 * Keeps secrets as they are written: elsewhere {@code $$} stands for a dollar and <code>${key}
 * </code> for another key's value. Works below what expands expressions, and hands it each dollar
 * escaped, so that a secret which another key takes as its default stays whole too. Only what
 * somebody set is meant, never the default of a mapping.
 */
@Priority(Priorities.LIBRARY + 250)
public final class VerbatimSecrets implements ConfigSourceInterceptor {

  private static final long serialVersionUID = 1;
  private static final List<String> SECRETS =
      List.of(".password", ".token", ".access-key", ".secret-key");

  /** Whether the value of this key is a secret. */
  static boolean isSecret(String key) {
    return key.startsWith("skep.") && SECRETS.stream().anyMatch(key::endsWith);
  }

  @Override
  public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    ConfigValue found = context.proceed(name);
    if (found == null
        || found.getValue() == null
        || found.getConfigSourceOrdinal() < 0
        || !isSecret(name)) {
      return found;
    }
    return found.withValue(found.getValue().replace("$", "\\$"));
  }
}
