package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.common.admission.MemoryBudget;
import dev.skep.common.admission.MemoryBudget.Kind;
import dev.skep.common.admission.Permit;
import dev.skep.domain.Caller;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.RequestScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The memory that the current request may hold, until it ends, however it ends. */
@RequestScoped
public class RequestPermits {

  /** All who are not known yet. */
  private static final String NOBODY = "nobody";

  private final MemoryBudget memory;
  private final CurrentCaller current;
  private final List<Permit> held = new ArrayList<>(1);

  public RequestPermits(MemoryBudget memory, CurrentCaller current) {
    this.memory = memory;
    this.current = current;
  }

  /**
   * Waits until the request may hold so many bytes.
   *
   * @throws dev.skep.common.SkepException {@code busy} when it is not its turn in time
   */
  void take(Kind kind, long bytes) {
    Optional<Caller> caller = current.authenticated();
    held.add(memory.acquire(kind, caller.isPresent() ? caller.get().accountId() : NOBODY, bytes));
  }

  @PreDestroy
  void release() {
    held.forEach(Permit::close);
    held.clear();
  }
}
