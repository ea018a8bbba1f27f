package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.common.admission.MemoryBudget;
import dev.skep.common.admission.MemoryBudget.Kind;
import dev.skep.common.admission.Permit;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.content.Contents;
import dev.skep.domain.content.Received;
import dev.skep.domain.files.Edits.Edit;
import dev.skep.domain.permission.Access;
import dev.skep.domain.permission.Located;
import dev.skep.domain.settings.CurrentSettings;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Nodes.FileContent;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The bytes of files: reading them, and storing new ones. */
@Singleton
public class FileContents {

  private final SqlStore sql;
  private final Edits edits;
  private final Paths paths;
  private final Access access;
  private final Workspaces workspaces;
  private final Nodes nodes;
  private final NewFolders folders;
  private final VersionRows versions;
  private final Contents contents;
  private final Views views;
  private final Ids ids;
  private final CurrentSettings settings;
  private final MemoryBudget memory;

  public FileContents(
      SqlStore sql,
      Edits edits,
      Paths paths,
      Access access,
      Workspaces workspaces,
      Nodes nodes,
      NewFolders folders,
      VersionRows versions,
      Contents contents,
      Views views,
      Ids ids,
      CurrentSettings settings,
      MemoryBudget memory) {
    this.sql = sql;
    this.edits = edits;
    this.paths = paths;
    this.access = access;
    this.workspaces = workspaces;
    this.nodes = nodes;
    this.folders = folders;
    this.versions = versions;
    this.contents = contents;
    this.views = views;
    this.ids = ids;
    this.settings = settings;
    this.memory = memory;
  }

  /** The content of a file; empty when it is a folder. Needs the right to read. */
  public Optional<Download> open(Caller caller, Target target) {
    return sql.read(
        tx -> {
          Located found = access.demand(paths.find(caller, tx, target), Right.READ);
          return found.node().isFile() ? Optional.of(download(tx, found.node())) : Optional.empty();
        });
  }

  private Download download(Tx tx, Node file) {
    return new Download(
        file.name(),
        file.mediaType(),
        file.contentId().toString(),
        file.size(),
        file.sha256(),
        file.clientModifiedAt() == null ? file.modifiedAt() : file.clientModifiedAt(),
        contents.find(tx, file.contentId()));
  }

  /**
   * Stores content: makes the file and the folders on the way, or makes the content the newest
   * version of the file that is there. A content that is known to be the current one changes
   * nothing.
   *
   * <p>All that can be refused without the body is refused before it is read; all of it is decided
   * again in the transaction that names the content, since the tree goes on changing meanwhile.
   *
   * @throws SkepException also {@code busy} where the store keeps parts in memory and too much of
   *     that is held already
   */
  public Stored put(Caller caller, Target target, Precondition condition, Incoming incoming) {
    long maximum = settings.maxUploadBytes();
    Allowance allowance = sql.read(tx -> admit(caller, tx, target, condition, incoming, maximum));
    ExpectedDigests.Checked body = incoming.digests().check(body(incoming, allowance));
    UUID contentId = ids.next();
    Received received = receive(caller, contentId, body.body(), incoming.length());
    body.verify(received.sha256());
    NewContent content = newContent(target, incoming, contentId, received);
    return edits.edit(
        caller,
        allowance.workspaceId(),
        Stored.class,
        edit -> {
          Destination to = writableFile(caller, edit.tx(), target, condition, edit.workspaces());
          return to.exists()
              ? replace(caller, edit, to.nearest(), content)
              : create(caller, edit, to, content);
        });
  }

  private Received receive(Caller caller, UUID contentId, InputStream body, long length) {
    long held = contents.held(length);
    if (held == 0) {
      return contents.receive(contentId, body, length);
    }
    try (Permit permit = memory.acquire(Kind.UPLOAD, caller.accountId(), held)) {
      return contents.receive(contentId, body, length);
    }
  }

  private Allowance admit(
      Caller caller,
      Tx tx,
      Target target,
      Precondition condition,
      Incoming incoming,
      long maximum) {
    Destination to = writableFile(caller, tx, target, condition, List.of());
    Allowance allowance = Allowance.of(to.workspace(), maximum);
    // A repeated upload, of a client that never saw the first one's answer, must not fail for want
    // of room: it changes nothing.
    boolean repeats = to.exists() && to.nearest().node().size() == incoming.length();
    Allowance granted = repeats ? allowance.withoutQuota() : allowance;
    granted.require(Math.max(0, incoming.length()));
    return granted;
  }

  private static InputStream body(Incoming incoming, Allowance allowance) {
    return incoming.length() == Incoming.UNKNOWN
        ? allowance.limit(incoming.body())
        : incoming.body();
  }

  private Destination writableFile(
      Caller caller, Tx tx, Target target, Precondition condition, Collection<Workspace> known) {
    Destination to = paths.writable(caller, tx, target, condition, known);
    if (to.exists() && to.nearest().node().isFolder()) {
      throw new SkepException(
          ErrorCode.IS_A_FOLDER, "There is a folder, which cannot be replaced by content");
    }
    return to;
  }

  /** All that the transaction needs and may not make itself. */
  private record NewContent(
      Received received,
      @Nullable String mediaType,
      @Nullable Instant clientModifiedAt,
      UUID contentId,
      UUID versionId,
      UUID nodeId,
      List<UUID> folderIds) {

    FileContent as(String name) {
      return new FileContent(
          versionId,
          contentId,
          received.size(),
          received.sha256(),
          mediaType == null ? MediaTypes.of(name) : mediaType,
          clientModifiedAt);
    }
  }

  private NewContent newContent(
      Target target, Incoming incoming, UUID contentId, Received received) {
    return new NewContent(
        received,
        incoming.mediaType(),
        incoming.clientModifiedAt(),
        contentId,
        ids.next(),
        ids.next(),
        folders.ids(target));
  }

  private Stored replace(Caller caller, Edit edit, Located file, NewContent content) {
    Node before = file.node();
    if (content.received().sha256().equals(before.sha256())) {
      // Nothing names what has just been received: if it is a blob, the sweeper removes it.
      Node same = touch(caller, edit, before, content.clientModifiedAt());
      return new Stored(views.of(caller, edit.tx(), file.with(same)), false);
    }
    FileContent stored = content.as(before.name());
    name(edit, before.workspaceId(), content.received(), stored);
    versions.add(edit.tx(), before.id(), stored, edit.at(), caller.accountId());
    Node after = nodes.setContent(edit.tx(), before, stored, edit.at(), caller.accountId());
    edit.changed("node.content-stored", after);
    return new Stored(views.of(caller, edit.tx(), file.with(after)), false);
  }

  /** The same content, of which the client says another time: sync tools tell it so. */
  private Node touch(Caller caller, Edit edit, Node file, @Nullable Instant clientModifiedAt) {
    if (clientModifiedAt == null || clientModifiedAt.equals(file.clientModifiedAt())) {
      return file;
    }
    nodes.setProperties(
        edit.tx(),
        file.id(),
        file.mediaType(),
        file.tags(),
        file.metadata(),
        clientModifiedAt,
        edit.at(),
        caller.accountId());
    versions.setClientTime(edit.tx(), file.versionId(), clientModifiedAt);
    Node after = nodes.find(edit.tx(), file.id()).orElseThrow();
    edit.changed("node.described", after);
    return after;
  }

  private Stored create(Caller caller, Edit edit, Destination to, NewContent content) {
    List<String> onTheWay = to.missing().subList(0, to.missing().size() - 1);
    String name = to.missing().getLast();
    UUID by = caller.accountId();
    Node parent = folders.make(edit, to.nearest().node(), onTheWay, content.folderIds(), by);
    FileContent stored = content.as(name);
    Node created =
        nodes.insertFile(edit.tx(), content.nodeId(), parent, name, stored, edit.at(), by);
    name(edit, parent.workspaceId(), content.received(), stored);
    versions.addFirst(edit.tx(), created.id(), stored, edit.at(), by);
    edit.changed("node.created", created);
    Located located = access.made(caller, edit.tx(), to.nearest(), created);
    return new Stored(views.of(caller, edit.tx(), located), true);
  }

  /** Names what was received, and charges it. */
  private void name(Edit edit, UUID workspaceId, Received received, FileContent stored) {
    workspaces.charge(edit.tx(), edit.workspace(workspaceId), stored.size());
    contents.name(edit.tx(), stored.contentId(), received, edit.at());
  }
}
