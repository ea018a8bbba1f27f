package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.common.admission.MemoryBudget;
import dev.skep.common.admission.MemoryBudget.Kind;
import dev.skep.common.admission.Permit;
import dev.skep.common.admission.Turns;
import dev.skep.domain.Caller;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the current request may hold, and its turn to run, until it ends, however it
 * ends.
 */
@RequestScoped
public class RequestPermits {

  /** All who are not known yet. */
  private static final String NOBODY = "nobody";

  private final MemoryBudget memory;
  private final Turns turns;
  private final CurrentCaller current;
  private final List<Permit> held = new ArrayList<>(1);
  private @Nullable Permit turn;

  public RequestPermits(MemoryBudget memory, Turns turns, CurrentCaller current) {
    this.memory = memory;
    this.turns = turns;
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

  /**
   * Waits until it is this person's turn, where he has none yet.
   *
   * @throws dev.skep.common.SkepException {@code busy} when it does not come in time
   */
  void takeTurn(String method) {
    if (turn == null) {
      boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
      turn = turns.take(reads ? Turns.Kind.READ : Turns.Kind.CHANGE, current.caller().accountId());
    }
  }

  /** Others may run now: what follows waits for the client, or for memory. */
  void endTurn() {
    if (turn != null) {
      turn.close();
      turn = null;
    }
  }

  @PreDestroy
  void release() {
    endTurn();
    held.forEach(Permit::close);
    held.clear();
  }
}
