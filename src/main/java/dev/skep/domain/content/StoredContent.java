package dev.skep.domain.content;

import dev.skep.port.objects.ObjectStore.Download;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A content that was found, with what is needed to read it outside the transaction. */
public final class StoredContent {

  private final List<StoredPart> parts;
  private final Source source;

  StoredContent(List<StoredPart> parts, Source source) {
    this.parts = List.copyOf(parts);
    this.source = source;
  }

  /**
   * Opens a range. Not to be called in a transaction.
   *
   * @param length bytes from {@code offset}; −1 means to the end
   * @throws dev.skep.common.SkepException {@code corrupt} when the first frame of the range is
   *     missing or damaged
   */
  public ContentStream open(long offset, long length) {
    long size = parts.stream().mapToLong(StoredPart::size).sum();
    long count = length < 0 ? size - offset : length;
    if (offset < 0 || count < 0 || count > size - offset) {
      throw new IllegalArgumentException(
          "the range " + offset + "+" + length + " is not within " + size + " bytes");
    }
    return new ContentStream(source, parts, offset, count);
  }

  List<StoredPart> parts() {
    return parts;
  }

  /** Where the framed bytes of parts are. */
  @FunctionalInterface
  interface Source {

    /** A range of a part's frames; absent when there is no such part. */
    @Nullable Download open(StoredPart part, long from, long count);
  }
}
