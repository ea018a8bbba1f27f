package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.testkit.Drive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One person's home, used in few words by tests. */
record Home(Drive drive, Caller owner) {

  NodeView put(String path, String text) {
    return drive
        .get(FileContents.class)
        .put(owner, path(path), Precondition.NONE, incoming(text))
        .node();
  }

  static Incoming incoming(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Incoming(
        new ByteArrayInputStream(bytes), bytes.length, null, null, ExpectedDigests.NONE);
  }

  NodeView folder(String path) {
    return drive.get(Folders.class).makePath(owner, path(path + "/"), Precondition.NONE).node();
  }

  NodeView node(String path) {
    return drive.get(Lookup.class).node(owner, path(path));
  }

  Optional<NodeView> find(String path) {
    try {
      return Optional.of(node(path));
    } catch (SkepException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      return Optional.empty();
    }
  }

  String read(String path) {
    Download download = drive.get(FileContents.class).open(owner, path(path)).orElseThrow();
    try (InputStream in = download.open(0, download.size())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  NodeView move(UUID id, UUID parentId) {
    return patch(id, new NodePatch(null, parentId, null, null, null, null));
  }

  NodeView rename(UUID id, String name) {
    return patch(id, new NodePatch(name, null, null, null, null, null));
  }

  NodeView patch(UUID id, NodePatch patch) {
    return drive.get(Moves.class).patch(owner, id, patch, Precondition.NONE);
  }

  NodeView copy(UUID id, UUID parentId, @Nullable String name) {
    return drive.get(Copies.class).copy(owner, id, parentId, name, Precondition.NONE);
  }

  void trash(UUID id) {
    drive.get(Trash.class).put(owner, id, Precondition.NONE, Precondition.NONE);
  }

  NodeView restore(UUID id) {
    return drive.get(Trash.class).restore(owner, id, null, null, Precondition.NONE);
  }

  void purge(UUID id) {
    drive.get(Trash.class).purge(owner, id, Precondition.NONE);
  }

  List<TrashItem> trashed() {
    return drive.get(Trash.class).list(owner, "home", page()).items();
  }

  List<VersionView> versions(UUID id) {
    return drive.get(Versions.class).list(owner, id, page()).items();
  }

  List<String> names(String folder) {
    return drive.get(Folders.class).children(owner, path(folder + "/"), page()).items().stream()
        .map(NodeView::name)
        .toList();
  }

  static PageRequest page() {
    return PageRequest.of("test", 1000, null);
  }

  /** {@code /home/a/b}; with a slash at its end a folder. */
  static FilePath path(String text) {
    List<String> segments = Arrays.asList(text.substring(1).split("/", -1));
    boolean folder = segments.getLast().isEmpty();
    int end = folder ? segments.size() - 1 : segments.size();
    return new FilePath(segments.getFirst(), segments.subList(1, end), folder);
  }
}
