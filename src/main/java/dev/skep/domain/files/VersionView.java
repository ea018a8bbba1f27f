package dev.skep.domain.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One stored content of a file.
 *
 * @param createdBy a user's name
 * @param clientModifiedAt as the client that stored it said
 * @param current whether it is what the file holds now
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VersionView(
    UUID id,
    long size,
    @Nullable String sha256,
    String mediaType,
    String etag,
    Instant createdAt,
    String createdBy,
    @Nullable Instant clientModifiedAt,
    boolean current) {}
