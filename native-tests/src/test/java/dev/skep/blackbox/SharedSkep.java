package dev.skep.blackbox;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one {@link Skep} of their process: started for the first, stopped after the last.
 * Surefire runs each class on its own where several processes share the classes, so that only the
 * session of the launcher lasts as long.
 */
final class SharedSkep implements ParameterResolver {

  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(SharedSkep.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Skep.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, HERE)
        .computeIfAbsent(Skep.class, key -> Skep.start(), Skep.class);
  }
}
