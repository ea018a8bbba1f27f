package dev.skep.api.security;

import dev.skep.common.SkepException;
import org.jspecify.annotations.Nullable;

/** Whether this replica takes requests at all; {@code boot} knows. */
public interface Admission {

  /** What every request is answered with now; null while requests are taken. Never waits. */
  @Nullable SkepException refusal();
}
