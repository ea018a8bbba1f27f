package dev.skep.testkit.tier;

import static org.junit.platform.commons.support.AnnotationSupport.isAnnotated;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Leaves out what only the soak runs, with a reason that the closing table counts. */
final class TierCondition implements ExecutionCondition {

  private static final ConditionEvaluationResult RUN = ConditionEvaluationResult.enabled("");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    boolean runs = Tier.current() == Tier.SOAK || !isLeft(context);
    return runs ? RUN : ConditionEvaluationResult.disabled(Tier.LEFT);
  }

  private static boolean isLeft(ExtensionContext context) {
    return isAnnotated(context.getElement(), OnlyInSoak.class)
        || context
            .getTestMethod()
            .map(method -> isBesideTheEssential(context, method))
            .orElse(false);
  }

  /** A method of a nested class; what the outermost class adds to a contract is its own. */
  private static boolean isBesideTheEssential(ExtensionContext context, Method method) {
    boolean isNested = context.getEnclosingTestClasses().size() > 0;
    Class<?> outermost =
        isNested ? context.getEnclosingTestClasses().getFirst() : context.getRequiredTestClass();
    return isNested
        && isAnnotated(outermost, EssentialOutsideSoak.class)
        && !isAnnotated(method, Essential.class);
  }
}
