package dev.skep.domain.files;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What may be changed of a node; an absent field stays.
 *
 * @param metadata applies a merge patch (RFC 7396) to what is there
 */
public record NodePatch(
    @Nullable String name,
    @Nullable UUID parentId,
    @Nullable List<String> tags,
    @Nullable UnaryOperator<Map<String, Object>> metadata,
    @Nullable String mediaType,
    @Nullable Instant clientModifiedAt) {}
