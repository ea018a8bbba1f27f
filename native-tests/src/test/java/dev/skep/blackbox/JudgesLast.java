package dev.skep.blackbox;

import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/** Runs {@link EveryRouteIsTestedTest} after all others, whose requests it counts. */
public final class JudgesLast implements ClassOrderer {

  @Override
  public void orderClasses(ClassOrdererContext context) {
    context
        .getClassDescriptors()
        .sort(
            Comparator.comparing(
                    (ClassDescriptor it) -> it.getTestClass() == EveryRouteIsTestedTest.class)
                .thenComparing(it -> it.getTestClass().getName()));
  }
}
