package dev.skep.api.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.skep.api.security.ClientAddress;
import dev.skep.api.security.Credentials;
import dev.skep.api.security.CurrentCaller;
import dev.skep.api.security.Open;
import dev.skep.common.ErrorCode;
import dev.skep.common.Page;
import dev.skep.common.SkepException;
import dev.skep.domain.identity.CredentialView;
import dev.skep.domain.identity.LogIn;
import dev.skep.domain.identity.Sessions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** {@code /sessions}: log-in, the one place where a password is good, and log-out. */
@Path(SessionsResource.BASE)
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class SessionsResource {

  static final String BASE = "/api/v1/sessions";

  private final CurrentCaller current;
  private final LogIn logIn;
  private final Sessions sessions;
  private final ObjectMapper json;
  private final ClientAddress client;
  private final Pages pages;

  public SessionsResource(
      CurrentCaller current,
      LogIn logIn,
      Sessions sessions,
      ObjectMapper json,
      ClientAddress client,
      Pages pages) {
    this.current = current;
    this.logIn = logIn;
    this.sessions = sessions;
    this.json = json;
    this.client = client;
    this.pages = pages;
  }

  /** What a POST without an Authorization header takes. */
  public record LogInJson(@Nullable String name, @Nullable String password) {
    /** Never the password. */
    @Override
    public String toString() {
      return "LogInJson[" + name + "]";
    }
  }

  /** Read by hand, since {@code curl -u … -X POST} sends neither a body nor its type. */
  @POST
  @Open
  @ShowsSecret
  public Response create(
      @Context HttpHeaders headers, @Context HttpServerRequest http, InputStream body)
      throws IOException {
    byte[] bytes = body.readAllBytes();
    Credentials.Basic given =
        Credentials.of(headers.getHeaderString(HttpHeaders.AUTHORIZATION))
                instanceof Credentials.Basic basic
            ? basic
            : ofBody(bytes);
    CredentialView.Issued issued =
        logIn.logIn(given.user(), given.secret(), client.of(http), current.requestId());
    return IssuedJson.created(BASE, issued);
  }

  private Credentials.Basic ofBody(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      throw new SkepException(
          ErrorCode.UNAUTHENTICATED,
          "Send user name and password as Authorization: Basic, or as JSON: {\"name\": …, \"password\": …}");
    }
    LogInJson given = Fields.required(json.readValue(bytes, LogInJson.class), "");
    return new Credentials.Basic(
        Fields.required(given.name(), "/name"), Fields.required(given.password(), "/password"));
  }

  @GET
  public Page<CredentialView> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return sessions.list(current.caller(), pages.of("sessions", limit, cursor));
  }

  @DELETE
  @Path("/current")
  public void deleteCurrent() {
    sessions.deleteCurrent(current.caller());
  }

  @DELETE
  @Path("/{id}")
  public void delete(@PathParam("id") String id) {
    sessions.delete(current.caller(), NodeId.of(id));
  }
}
