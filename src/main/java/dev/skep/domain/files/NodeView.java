package dev.skep.domain.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder as one caller sees it: the API's node. What a folder does not have (size, media
 * type, digest, etag) and what is not known is absent; without the right to read it also its size,
 * digest, tags and metadata.
 *
 * @param workspace the slug; {@code home} for the caller's own
 * @param parentId absent for the root of a workspace
 * @param path the names from the topmost folder that the caller can read; begins with a slash and
 *     the workspace where he can read its root
 * @param type {@code file} or {@code folder}
 * @param sha256 hex; absent while the whole digest is not known
 * @param etag the content's id, which the ETag header carries in quotes
 * @param revision of this JSON; a folder's does not change with its children
 * @param createdBy a user's name; {@code skep} for Skep itself
 * @param clientModifiedAt when its user changed it, as the client says; absent: it did not say
 * @param rights the caller's
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeView(
    UUID id,
    String workspace,
    @Nullable UUID parentId,
    String name,
    String path,
    String type,
    @Nullable Long size,
    @Nullable String mediaType,
    @Nullable String sha256,
    @Nullable String etag,
    long revision,
    @Nullable List<String> tags,
    @Nullable Map<String, Object> metadata,
    Instant createdAt,
    String createdBy,
    Instant modifiedAt,
    String modifiedBy,
    @Nullable Instant clientModifiedAt,
    List<String> rights) {}
