package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/** The parameters of a folder's listing. */
public record ChildrenQuery(
    @QueryParam("limit") @Nullable String limit,
    @QueryParam("cursor") @Nullable String cursor,
    @QueryParam("sort") @Nullable String sort) {

  /**
   * @param folder names the folder, so that a cursor belongs to it
   */
  PageRequest of(Pages pages, String folder) {
    switch (sort) {
      case null -> {}
      case "name" -> {}
      case "-modifiedAt", "size" ->
          throw new SkepException(
              ErrorCode.NOT_AVAILABLE, "sort: only name is available until the web drive comes");
      default -> throw SkepException.field("sort", "must be name, -modifiedAt or size");
    }
    return pages.of("children of " + folder, limit, cursor);
  }
}
