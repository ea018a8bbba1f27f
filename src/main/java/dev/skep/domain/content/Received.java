package dev.skep.domain.content;

/** A body that was read to its end and is to become a file's content. */
public sealed interface Received permits SmallContent, StoredBlob {

  /** The bytes of its content. */
  long size();

  /** Of its content, hex. */
  String sha256();
}
