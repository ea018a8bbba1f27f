package dev.skep.api.security;

import dev.skep.domain.Caller;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The caller of the current request, once he is authenticated. */
@RequestScoped
public class CurrentCaller {

  private @Nullable Caller caller;
  private String requestId = "";

  /** Only called where {@link AuthenticationFilter} has let the request through. */
  public Caller caller() {
    if (caller == null) {
      throw new IllegalStateException("this resource is open, so nobody is authenticated");
    }
    return caller;
  }

  /** Absent where the resource is open. */
  public Optional<Caller> authenticated() {
    return Optional.ofNullable(caller);
  }

  public String requestId() {
    return requestId;
  }

  public void is(Caller authenticated) {
    this.caller = authenticated;
  }

  public void request(String id) {
    this.requestId = id;
  }
}
