package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.content.Contents;
import dev.skep.domain.content.StoredBlob;
import dev.skep.domain.outbox.Outbox;
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
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The bytes of files: reading them, and storing new ones. */
@Singleton
public class FileContents {

  private final SqlStore sql;
  private final Paths paths;
  private final Access access;
  private final Workspaces workspaces;
  private final Nodes nodes;
  private final NewFolders folders;
  private final VersionRows versions;
  private final Contents contents;
  private final Outbox outbox;
  private final Views views;
  private final Ids ids;
  private final InstantSource clock;
  private final CurrentSettings settings;

  public FileContents(
      SqlStore sql,
      Paths paths,
      Access access,
      Workspaces workspaces,
      Nodes nodes,
      NewFolders folders,
      VersionRows versions,
      Contents contents,
      Outbox outbox,
      Views views,
      Ids ids,
      InstantSource clock,
      CurrentSettings settings) {
    this.sql = sql;
    this.paths = paths;
    this.access = access;
    this.workspaces = workspaces;
    this.nodes = nodes;
    this.folders = folders;
    this.versions = versions;
    this.contents = contents;
    this.outbox = outbox;
    this.views = views;
    this.ids = ids;
    this.clock = clock;
    this.settings = settings;
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
        contents,
        contents.parts(tx, file.contentId()));
  }

  /**
   * Stores content: makes the file and the folders on the way, or makes the content the newest
   * version of the file that is there. A content that is known to be the current one changes
   * nothing.
   *
   * <p>All that can be refused without the body is refused before it is read; all of it is decided
   * again in the transaction that names the content, since the tree goes on changing meanwhile.
   */
  public Stored put(Caller caller, Target target, Precondition condition, Incoming incoming) {
    Allowance allowance = sql.read(tx -> admit(caller, tx, target, condition, incoming));
    ExpectedDigests.Checked body = incoming.digests().check(body(incoming, allowance));
    StoredBlob blob = contents.receive(body.body(), incoming.length());
    body.verify(blob.sha256());
    NewContent content = newContent(target, incoming, blob);
    return sql.write(
        tx -> {
          Workspace workspace = workspaces.begin(tx, allowance.workspaceId());
          Destination to = writableFile(caller, tx, target, condition);
          return to.exists()
              ? replace(caller, tx, workspace, to.nearest(), content)
              : create(caller, tx, workspace, to, content);
        });
  }

  private Allowance admit(
      Caller caller, Tx tx, Target target, Precondition condition, Incoming incoming) {
    Destination to = writableFile(caller, tx, target, condition);
    Allowance allowance = Allowance.of(to.workspace(), settings.maxUploadBytes());
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

  private Destination writableFile(Caller caller, Tx tx, Target target, Precondition condition) {
    Destination to = paths.writable(caller, tx, target, condition);
    if (to.exists() && to.nearest().node().isFolder()) {
      throw new SkepException(
          ErrorCode.IS_A_FOLDER, "There is a folder, which cannot be replaced by content");
    }
    return to;
  }

  /** All that the transaction needs and may not make itself. */
  private record NewContent(
      StoredBlob blob,
      UUID nodeId,
      List<UUID> folderIds,
      UUID contentId,
      UUID versionId,
      Incoming incoming,
      Outbox.Stamp stamp) {

    Instant at() {
      return stamp.at();
    }

    FileContent as(String name) {
      String said = incoming.mediaType();
      return new FileContent(
          versionId,
          contentId,
          blob.size(),
          blob.sha256(),
          said == null ? MediaTypes.of(name) : said);
    }
  }

  private NewContent newContent(Target target, Incoming incoming, StoredBlob blob) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return new NewContent(
        blob,
        ids.next(),
        folders.ids(target),
        ids.next(),
        ids.next(),
        incoming,
        new Outbox.Stamp(ids.next(), now));
  }

  private Stored replace(
      Caller caller, Tx tx, Workspace workspace, Located file, NewContent content) {
    Node before = file.node();
    if (content.blob().sha256().equals(before.sha256())) {
      // Naming nothing: the sweeper removes the blob that has just been received.
      tx.rollBackOnly();
      return new Stored(views.of(caller, tx, file), false);
    }
    FileContent stored = content.as(before.name());
    name(tx, workspace, before.id(), content, stored, caller.accountId());
    nodes.setContent(tx, before.id(), stored, content.at(), caller.accountId());
    Node after = nodes.find(tx, before.id()).orElseThrow();
    outbox.append(
        tx,
        workspace.id(),
        workspace.seq(),
        content.stamp(),
        caller,
        List.of(NodeState.of(after).after("node.content-stored")));
    return new Stored(views.of(caller, tx, file.with(after)), false);
  }

  private Stored create(
      Caller caller, Tx tx, Workspace workspace, Destination to, NewContent content) {
    NewFolders.Made made =
        folders.make(
            tx,
            to.nearest().node(),
            to.missing().subList(0, to.missing().size() - 1),
            content.folderIds(),
            content.at(),
            caller.accountId());
    String name = to.missing().getLast();
    FileContent stored = content.as(name);
    nodes.insertFile(
        tx, content.nodeId(), made.lowest(), name, stored, content.at(), caller.accountId());
    name(tx, workspace, content.nodeId(), content, stored, caller.accountId());
    Located created = access.locate(caller, tx, content.nodeId());
    outbox.append(
        tx,
        workspace.id(),
        workspace.seq(),
        content.stamp(),
        caller,
        made.and(NodeState.of(created.node()).after("node.created")));
    return new Stored(views.of(caller, tx, created), true);
  }

  /** Names the blob as the file's newest version, and charges it. */
  private void name(
      Tx tx, Workspace workspace, UUID nodeId, NewContent content, FileContent stored, UUID by) {
    workspaces.charge(tx, workspace, stored.size());
    contents.name(tx, stored.contentId(), List.of(content.blob()), stored.sha256(), content.at());
    versions.add(tx, nodeId, stored, content.at(), by);
  }
}
