package dev.skep.domain.files;

import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.identity.AccountNames;
import dev.skep.domain.permission.Located;
import dev.skep.domain.tree.Node;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Shows nodes to a caller, in the transaction that found them. */
@Singleton
public class Views {

  private final AccountNames names;

  public Views(AccountNames names) {
    this.names = names;
  }

  public NodeView of(Caller caller, Tx tx, Located located) {
    return of(caller, tx, List.of(located)).getFirst();
  }

  public List<NodeView> of(Caller caller, Tx tx, List<Located> located) {
    Map<UUID, String> authors = authors(caller, tx, located.stream().map(Located::node).toList());
    return located.stream()
        .map(
            each ->
                view(
                    each.node(),
                    each.rights(),
                    each.path(),
                    each.isRoot(),
                    each.workspace().slugFor(caller),
                    authors))
        .toList();
  }

  /**
   * Children of a folder that the caller reads.
   *
   * @param rights the caller's on each child, as {@code Access.childRights} gives them
   */
  public List<NodeView> of(
      Caller caller, Tx tx, Located folder, List<Node> children, Map<UUID, Rights> rights) {
    String slug = folder.workspace().slugFor(caller);
    Map<UUID, String> authors = authors(caller, tx, children);
    return children.stream()
        .map(
            child ->
                view(
                    child,
                    rights.getOrDefault(child.id(), Rights.NONE),
                    folder.path() + "/" + child.name(),
                    false,
                    slug,
                    authors))
        .toList();
  }

  private Map<UUID, String> authors(Caller caller, Tx tx, List<Node> nodes) {
    List<UUID> ids =
        nodes.stream()
            .flatMap(node -> Stream.of(node.createdBy(), node.modifiedBy()))
            .distinct()
            .toList();
    return names.of(caller, tx, ids);
  }

  private static NodeView view(
      Node node, Rights rights, String path, boolean root, String slug, Map<UUID, String> authors) {
    boolean file = node.isFile();
    boolean read = rights.has(Right.READ);
    Node.@Nullable Trashed trashed = node.trashed();
    UUID parentId = trashed == null ? node.parentId() : trashed.originId();
    return new NodeView(
        node.id(),
        slug,
        root ? null : parentId,
        trashed == null ? node.name() : trashed.name(),
        path,
        NodeState.word(node.type()),
        file && read ? (Long) node.size() : null,
        file ? node.mediaType() : null,
        read ? node.sha256() : null,
        file ? node.contentId().toString() : null,
        node.revision(),
        read ? node.tags() : null,
        read ? node.metadata() : null,
        node.createdAt(),
        authors.getOrDefault(node.createdBy(), AccountNames.DELETED),
        node.modifiedAt(),
        authors.getOrDefault(node.modifiedBy(), AccountNames.DELETED),
        node.clientModifiedAt(),
        rights.words());
  }
}
