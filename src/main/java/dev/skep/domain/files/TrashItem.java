package dev.skep.domain.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something in the trash.
 *
 * @param path where it was
 * @param type {@code file} or {@code folder}
 * @param size of a file that the caller may read
 * @param deletedBy a user's name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrashItem(
    UUID id,
    String name,
    String path,
    String type,
    @Nullable Long size,
    long revision,
    Instant deletedAt,
    String deletedBy) {}
