package dev.skep.domain.files;

import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Content on its way in.
 *
 * @param body not read before all that can be checked without it was checked
 * @param length in bytes; −1 when it is not known
 * @param mediaType as the client says; absent: by the name
 * @param clientModifiedAt when its user changed it, as the client says
 * @param digests what the client says the content has
 */
public record Incoming(
    InputStream body,
    long length,
    @Nullable String mediaType,
    @Nullable Instant clientModifiedAt,
    ExpectedDigests digests) {

  public static final long UNKNOWN = -1;
}
