package dev.skep.api.rest;

import dev.skep.api.security.Admission;
import dev.skep.common.SkepException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Refuses every request while this replica takes none, but those that ask how it is: health and
 * metrics.
 */
@Singleton
public class AdmissionGuard {

  /** Right after {@link RequestHeadGuard}. */
  private static final int EARLY = 98_000;

  private final Admission admission;
  private final Refusals refusals;

  public AdmissionGuard(Admission admission, Refusals refusals) {
    this.admission = admission;
    this.refusals = refusals;
  }

  void register(@Observes Filters filters) {
    filters.register(this::look, EARLY);
  }

  private void look(RoutingContext context) {
    @Nullable SkepException refusal = admission.refusal();
    if (refusal == null || asksHowItIs(context.request().path())) {
      context.next();
    } else {
      refusals.answer(context.request(), refusal);
    }
  }

  private static boolean asksHowItIs(@Nullable String path) {
    return path != null && (path.startsWith("/q/health/") || path.equals("/q/metrics"));
  }
}
