package dev.skep.domain.content;

import java.util.UUID;

/**
 * A body of few bytes, which is kept with the row of its content: it is nowhere yet, and goes
 * unnoticed unless {@link Contents#name} writes it (ADR 12).
 */
public final class SmallContent implements Received {

  private final UUID contentId;
  private final long size;
  private final String sha256;
  private final byte[] stored;

  /**
   * @param contentId to which its checksums are bound
   * @param stored its {@link Frames}, never changed
   */
  SmallContent(UUID contentId, long size, String sha256, byte[] stored) {
    this.contentId = contentId;
    this.size = size;
    this.sha256 = sha256;
    this.stored = stored;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String sha256() {
    return sha256;
  }

  /**
   * What is stored under the id.
   *
   * @throws IllegalArgumentException when it was received for another content
   */
  byte[] storedAs(UUID id) {
    if (!id.equals(contentId)) {
      throw new IllegalArgumentException("received for the content " + contentId + ", not " + id);
    }
    return stored;
  }
}
