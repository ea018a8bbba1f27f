package dev.skep.domain.workspace;

import dev.skep.common.SkepException;
import dev.skep.domain.tree.Workspace;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A shared workspace to be made.
 *
 * @param slug never changes; a legal bucket name
 * @param name for people; the slug where it is absent
 * @param quota bytes; none where it is absent or −1
 */
public record NewWorkspace(@Nullable String slug, @Nullable String name, @Nullable Long quota) {

  private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");

  String checkedSlug() {
    if (slug == null || !SLUG.matcher(slug).matches()) {
      throw SkepException.field(
          "/slug",
          "must have 3 to 63 characters of a-z, 0-9 and -, with a letter or digit at both ends");
    }
    if (slug.equals("home") || slug.startsWith("home-")) {
      throw SkepException.field("/slug", "home and home-… are for personal workspaces");
    }
    return slug;
  }

  String checkedName() {
    return name == null ? checkedSlug() : WorkspaceFields.name(name);
  }

  long checkedQuota() {
    return quota == null ? Workspace.NO_QUOTA : WorkspaceFields.quota(quota);
  }
}
