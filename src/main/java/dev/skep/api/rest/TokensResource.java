package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.common.Page;
import dev.skep.domain.identity.CredentialView;
import dev.skep.domain.identity.NewToken;
import dev.skep.domain.identity.Tokens;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /tokens}: access tokens of the caller and, with {@code user}, of a service account by an
 * administrator.
 */
@Path(TokensResource.BASE)
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class TokensResource {

  static final String BASE = "/api/v1/tokens";

  private final CurrentCaller current;
  private final Tokens tokens;
  private final Pages pages;

  public TokensResource(CurrentCaller current, Tokens tokens, Pages pages) {
    this.current = current;
    this.tokens = tokens;
    this.pages = pages;
  }

  @GET
  public Page<CredentialView> list(
      @QueryParam("user") @Nullable String user,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    String query = user == null ? "tokens" : "tokens of " + user;
    return tokens.list(current.caller(), user, pages.of(query, limit, cursor));
  }

  /** What a POST takes. */
  public record NewTokenJson(
      @Nullable String name,
      @Nullable String expiresAt,
      @Nullable List<@Nullable ScopeJson> scopes,
      @Nullable String user) {

    NewToken checked() {
      return new NewToken(
          Fields.required(name, "/name"),
          Fields.time(expiresAt, "/expiresAt"),
          scopes == null ? null : checked(Fields.elements(scopes, "/scopes")),
          user);
    }

    private static List<NewToken.Scope> checked(List<ScopeJson> scopes) {
      List<NewToken.Scope> checked = new ArrayList<>();
      for (ScopeJson scope : scopes) {
        String pointer = "/scopes/" + checked.size();
        List<@Nullable String> rights = Fields.required(scope.rights(), pointer + "/rights");
        checked.add(
            new NewToken.Scope(
                Fields.required(scope.path(), pointer + "/path"),
                Fields.elements(rights, pointer + "/rights")));
      }
      return checked;
    }
  }

  /** One scope of a new token. */
  public record ScopeJson(@Nullable String path, @Nullable List<@Nullable String> rights) {}

  @POST
  @ShowsSecret
  public Response create(@Nullable NewTokenJson body) {
    NewToken token = Fields.required(body, "").checked();
    return IssuedJson.created(BASE, tokens.create(current.caller(), token));
  }

  @DELETE
  @Path("/{id}")
  public void delete(@PathParam("id") String id) {
    tokens.delete(current.caller(), NodeId.of(id));
  }
}
