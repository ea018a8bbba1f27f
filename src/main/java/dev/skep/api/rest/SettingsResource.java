package dev.skep.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.api.security.CurrentCaller;
import dev.skep.common.Page;
import dev.skep.domain.settings.SettingChange;
import dev.skep.domain.settings.SettingView;
import dev.skep.domain.settings.Settings;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
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

/** {@code /settings}: what administrators change at run time. */
@Path("/api/v1/settings")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class SettingsResource {

  private final CurrentCaller current;
  private final Settings settings;
  private final Pages pages;

  public SettingsResource(CurrentCaller current, Settings settings, Pages pages) {
    this.current = current;
    this.settings = settings;
    this.pages = pages;
  }

  @GET
  public Page<SettingView> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return settings.list(current.caller(), pages.of("settings", limit, cursor));
  }

  @GET
  @Path("/{key}")
  public Response get(@PathParam("key") String key, @Context HttpHeaders headers) {
    SettingView setting = settings.get(current.caller(), key);
    return Answer.of(headers, setting.revision(), setting);
  }

  /** What a PUT of a setting takes; the setting itself says what its value may be. */
  public record NewValue(@Nullable JsonNode value) {}

  @PUT
  @Path("/{key}")
  public Response set(
      @PathParam("key") String key, @Nullable NewValue body, @Context HttpHeaders headers) {
    SettingView setting =
        settings.set(current.caller(), key, number(body), Preconditions.of(headers));
    return Answer.ok(setting.revision(), setting);
  }

  private static @Nullable Long number(@Nullable NewValue body) {
    @Nullable JsonNode value = body == null ? null : body.value();
    boolean whole = value != null && value.isIntegralNumber() && value.canConvertToLong();
    return value != null && whole ? value.longValue() : null;
  }

  @DELETE
  @Path("/{key}")
  public void reset(@PathParam("key") String key, @Context HttpHeaders headers) {
    settings.reset(current.caller(), key, Preconditions.of(headers));
  }

  @GET
  @Path("/{key}/history")
  public Page<SettingChange> history(
      @PathParam("key") String key,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    return settings.history(current.caller(), key, pages.of("history of " + key, limit, cursor));
  }

  /** What a roll-back takes: a revision of the setting's history. */
  public record RollBack(@Nullable Long revision) {}

  @POST
  @Path("/{key}/rollback")
  public Response rollBack(
      @PathParam("key") String key, @Nullable RollBack body, @Context HttpHeaders headers) {
    SettingView setting =
        settings.rollBack(
            current.caller(),
            key,
            body == null ? null : body.revision(),
            Preconditions.of(headers));
    return Answer.ok(setting.revision(), setting);
  }
}
