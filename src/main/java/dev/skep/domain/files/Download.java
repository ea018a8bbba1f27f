package dev.skep.domain.files;

import dev.skep.domain.content.StoredContent;
import java.io.InputStream;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A stored content that may be read: found, allowed, not yet opened. */
public final class Download {

  /** Room for what lies beside the content in the store. */
  public static final int BESIDES = 16;

  private final String name;
  private final String mediaType;
  private final String etag;
  private final long size;
  private final @Nullable String sha256;
  private final Instant lastModified;
  private final StoredContent content;

  Download(
      String name,
      String mediaType,
      String etag,
      long size,
      @Nullable String sha256,
      Instant lastModified,
      StoredContent content) {
    this.name = name;
    this.mediaType = mediaType;
    this.etag = etag;
    this.size = size;
    this.sha256 = sha256;
    this.lastModified = lastModified;
    this.content = content;
  }

  /** The file's. */
  public String name() {
    return name;
  }

  /** As a header may say it. */
  public String mediaType() {
    return MediaTypes.sendable(mediaType);
  }

  /** The content's id. */
  public String etag() {
    return etag;
  }

  /** In bytes. */
  public long size() {
    return size;
  }

  /** Hex; absent while it is not known. */
  public @Nullable String sha256() {
    return sha256;
  }

  /** When its user changed it, as the client said; else when Skep stored the change. */
  public Instant lastModified() {
    return lastModified;
  }

  /**
   * Opens a range. What comes out was verified; damage or a store that does not answer throws a
   * {@code SkepException}, here already where the first bytes are concerned.
   */
  public InputStream open(long offset, long length) {
    return content.open(offset, length);
  }

  /**
   * As {@link #open}, for large ranges: reads without a copy into direct buffers whose room is a
   * multiple of 64 KiB and {@link #BESIDES}.
   */
  public ReadableByteChannel channel(long offset, long length) {
    return content.open(offset, length);
  }
}
