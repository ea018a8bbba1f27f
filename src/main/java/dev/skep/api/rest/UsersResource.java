package dev.skep.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.api.security.ClientAddress;
import dev.skep.api.security.CurrentCaller;
import dev.skep.common.ErrorCode;
import dev.skep.common.Page;
import dev.skep.common.SkepException;
import dev.skep.domain.identity.AccountType;
import dev.skep.domain.identity.CredentialView;
import dev.skep.domain.identity.NewUser;
import dev.skep.domain.identity.PasswordChange;
import dev.skep.domain.identity.Tokens;
import dev.skep.domain.identity.UserChange;
import dev.skep.domain.identity.UserRemoval;
import dev.skep.domain.identity.UserView;
import dev.skep.domain.identity.Users;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** {@code /users}: people and service accounts. */
@Path(UsersResource.BASE)
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class UsersResource {

  static final String BASE = "/api/v1/users";

  private final CurrentCaller current;
  private final Users users;
  private final PasswordChange passwords;
  private final UserRemoval removal;
  private final Tokens tokens;
  private final ClientAddress client;
  private final Pages pages;

  public UsersResource(
      CurrentCaller current,
      Users users,
      PasswordChange passwords,
      UserRemoval removal,
      Tokens tokens,
      ClientAddress client,
      Pages pages) {
    this.current = current;
    this.users = users;
    this.passwords = passwords;
    this.removal = removal;
    this.tokens = tokens;
    this.client = client;
    this.pages = pages;
  }

  @GET
  public Page<UserView> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return users.list(current.caller(), pages.of("users", limit, cursor));
  }

  /** What a POST takes. */
  public record NewUserJson(
      @Nullable String name,
      @Nullable String displayName,
      @Nullable String email,
      @Nullable String type,
      @Nullable Boolean admin,
      @Nullable Boolean disabled,
      @Nullable Long quota,
      @Nullable String password) {

    NewUser checked() {
      return new NewUser(
          Fields.required(name, "/name"),
          displayName,
          email,
          type == null ? null : AccountType.parse(type, "/type"),
          admin,
          disabled,
          quota,
          password);
    }

    /** Never the password. */
    @Override
    public String toString() {
      return "NewUserJson[" + name + "]";
    }
  }

  @POST
  public Response create(@Nullable NewUserJson body) {
    NewUser user = Fields.required(body, "").checked();
    UserView made = users.create(current.caller(), user);
    return Answer.created(BASE + "/" + made.name(), made.revision(), made);
  }

  @GET
  @Path("/{name}")
  public Response get(@PathParam("name") String name, @Context HttpHeaders headers) {
    UserView user = users.get(current.caller(), name);
    return Answer.of(headers, user.revision(), user);
  }

  @PATCH
  @Path("/{name}")
  public Response change(
      @PathParam("name") String name, @Nullable JsonNode body, @Context HttpHeaders headers) {
    Patch patch = Patch.of(body, "displayName", "email", "admin", "disabled", "quota");
    UserChange change =
        new UserChange(
            Fields.removed(patch, "displayName") ? name : patch.text("displayName"),
            Fields.removed(patch, "email") ? "" : patch.text("email"),
            patch.flag("admin"),
            patch.flag("disabled"),
            Fields.quota(patch));
    UserView changed = users.update(current.caller(), name, change, Preconditions.of(headers));
    return Answer.ok(changed.revision(), changed);
  }

  @DELETE
  @Path("/{name}")
  public void delete(
      @PathParam("name") String name,
      @QueryParam("transferTo") @Nullable String transferTo,
      @Context HttpHeaders headers) {
    if (transferTo != null) {
      throw new SkepException(
          ErrorCode.NOT_AVAILABLE, "transferTo: giving his files to another is not available yet");
    }
    removal.delete(current.caller(), name, Preconditions.of(headers));
  }

  @GET
  @Path("/{name}/tokens")
  public Page<CredentialView> tokens(
      @PathParam("name") String name,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    return tokens.listOf(current.caller(), name, pages.of("tokens of " + name, limit, cursor));
  }

  @DELETE
  @Path("/{name}/tokens/{id}")
  public void revokeToken(@PathParam("name") String name, @PathParam("id") String id) {
    tokens.deleteOf(current.caller(), name, NodeId.of(id));
  }

  /** What a PUT of a password takes. */
  public record NewPasswordJson(@Nullable String password, @Nullable String current) {
    /** Never the passwords. */
    @Override
    public String toString() {
      return "NewPasswordJson";
    }
  }

  @PUT
  @Path("/{name}/password")
  public void setPassword(
      @PathParam("name") String name,
      @Nullable NewPasswordJson body,
      @Context HttpHeaders headers,
      @Context HttpServerRequest http) {
    NewPasswordJson given = Fields.required(body, "");
    passwords.set(
        current.caller(),
        name,
        Fields.required(given.password(), "/password"),
        given.current(),
        client.of(http),
        Preconditions.of(headers));
  }
}
