package dev.skep.domain.content;

import java.util.UUID;

/**
 * A blob that is written and durable, and not yet named: the sweeper removes it after its deadline
 * unless {@link Contents#name} comes first.
 *
 * @param size the bytes of its content
 * @param sha256 of its content, hex
 */
public record StoredBlob(UUID blobId, long size, String sha256) implements Received {}
