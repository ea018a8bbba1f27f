package dev.skep.domain.permission;

import dev.skep.common.ErrorCode;
import dev.skep.common.Names;
import dev.skep.common.SkepException;
import dev.skep.common.Utf8;
import dev.skep.domain.Caller;
import dev.skep.domain.identity.ScopeResolver;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspace;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Finds the nodes at the scopes of a new access token, among those that its owner may see. */
@Singleton
public class TokenScopes implements ScopeResolver {

  private final Access access;
  private final Nodes nodes;

  TokenScopes(Access access, Nodes nodes) {
    this.access = access;
    this.nodes = nodes;
  }

  @Override
  public UUID resolve(Caller caller, Tx tx, String path, String pointer) {
    List<String> segments = segments(path, pointer);
    Workspace workspace = access.workspace(caller, tx, segments.getFirst());
    List<String> names =
        segments.subList(1, segments.size()).stream().map(Names::normalise).toList();
    List<UUID> ids = nodes.resolve(tx, workspace.id(), names);
    if (ids.size() <= names.size()) {
      throw new SkepException(
          ErrorCode.NOT_FOUND, pointer + ": there is nothing here that you may see");
    }
    return access.locate(caller, tx, ids.getLast()).node().id();
  }

  private static List<String> segments(String path, String pointer) {
    if (Utf8.length(path) > Names.MAX_PATH_BYTES || !path.startsWith("/")) {
      throw noPath(pointer);
    }
    String inside = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    List<String> segments = Arrays.asList(inside.split("/", -1));
    if (segments.size() < 2 || segments.size() > Names.MAX_DEPTH + 2) {
      throw noPath(pointer);
    }
    return segments.subList(1, segments.size());
  }

  private static SkepException noPath(String pointer) {
    return SkepException.field(pointer, "must be a path such as /home/docs or /SLUG/reports");
  }
}
