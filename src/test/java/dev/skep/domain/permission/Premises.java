package dev.skep.domain.permission;

import dev.skep.common.Ids;
import dev.skep.domain.Caller;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import dev.skep.testkit.Drive;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A drive with people, groups, a workspace and folders, made row by row. */
public final class Premises implements AutoCloseable {

  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private final Drive drive;
  private final Ids ids;

  public Premises(Path folder) {
    drive = Drive.open(folder);
    ids = drive.get(Ids.class);
  }

  /** A shared workspace, or a personal one. */
  public record Place(UUID id, String slug, UUID rootId, UUID trashId) {}

  public <T> T get(Class<T> type) {
    return drive.get(type);
  }

  public Caller user(String name) {
    return user(name, false);
  }

  public Caller administrator(String name) {
    return user(name, true);
  }

  private Caller user(String name, boolean admin) {
    UUID id = ids.next();
    update(Rows.ACCOUNT, id, name, admin, false, Ids.ZERO);
    return new Caller(id, name, admin, Ids.ZERO, List.of(), "test", null);
  }

  public void demote(Caller user) {
    update(Rows.DEMOTE, user.accountId());
  }

  public void disable(Caller user) {
    update(Rows.DISABLE, user.accountId());
  }

  public UUID group(String name, Caller... users) {
    UUID id = ids.next();
    update(Rows.TEAM, id, name);
    for (Caller user : users) {
      update(Rows.MEMBER, id, Subject.Kind.USER.column(), user.accountId());
    }
    return id;
  }

  public void nest(UUID outer, UUID inner) {
    update(Rows.MEMBER, outer, Subject.Kind.GROUP.column(), inner);
  }

  public void removeMember(UUID group, Caller user) {
    update(Rows.REMOVE_MEMBER, group, Subject.Kind.USER.column(), user.accountId());
  }

  public Place workspace(String slug) {
    return workspace(slug, Ids.ZERO);
  }

  public Place home(Caller owner) {
    Place home = workspace("home-" + owner.name(), owner.accountId());
    enter(home, home.rootId, Subject.user(owner.accountId()), Rights.ALL);
    return home;
  }

  private Place workspace(String slug, UUID ownerId) {
    Place place = new Place(ids.next(), slug, ids.next(), ids.next());
    get(SqlStore.class)
        .write(
            tx -> {
              Workspaces.Roots roots = new Workspaces.Roots(place.rootId, place.trashId);
              get(Workspaces.class)
                  .insert(tx, place.id, slug, slug, ownerId, -1, roots, AT, Ids.ZERO);
              return place;
            });
    return place;
  }

  public UUID folder(UUID parent, String name) {
    UUID id = ids.next();
    get(SqlStore.class)
        .write(
            tx -> {
              Node above = get(Nodes.class).find(tx, parent).orElseThrow();
              get(Nodes.class).insertFolder(tx, id, above, name, AT, Ids.ZERO);
              return id;
            });
    return id;
  }

  public void trash(Place place, UUID node) {
    get(SqlStore.class)
        .write(
            tx -> {
              Node found = get(Nodes.class).find(tx, node).orElseThrow();
              get(Nodes.class).trash(tx, found, place.trashId, AT, Ids.ZERO);
              return node;
            });
  }

  /** Detaches a node and leaves the rest to the sweeper, as a purge does. */
  public void purge(Place place, UUID node) {
    detach(node);
    update(Rows.PURGE, node, place.id);
  }

  /** Takes a node out of its tree for good, as a purge does. */
  public void detach(UUID node) {
    get(SqlStore.class)
        .write(
            tx -> {
              get(Nodes.class).detach(tx, node);
              return node;
            });
  }

  public void enter(Place place, UUID node, Subject subject, Rights rights) {
    update(Rows.ENTRY, node, subject.kind().column(), subject.id(), place.id, rights.bits());
  }

  public void enter(Place place, UUID node, Caller user, Rights rights) {
    enter(place, node, Subject.user(user.accountId()), rights);
  }

  public int entries(UUID node) {
    return (int)
        get(SqlStore.class).read(tx -> tx.one(Rows.COUNT_ENTRIES, node).orElseThrow()).number("n");
  }

  /** The changes column of the workspace's events, oldest first. */
  public List<String> events(UUID workspaceId) {
    return get(SqlStore.class).read(tx -> tx.query(Rows.EVENTS, workspaceId)).stream()
        .map(row -> row.text("changes"))
        .toList();
  }

  public long rightsEpoch(Place place) {
    return get(SqlStore.class)
        .read(tx -> tx.one(Rows.EPOCH, place.id).orElseThrow())
        .number("rights_epoch");
  }

  private void update(Statement statement, Object... parameters) {
    get(SqlStore.class).write(tx -> tx.update(statement, parameters));
  }

  @Override
  public void close() {
    drive.close();
  }
}
