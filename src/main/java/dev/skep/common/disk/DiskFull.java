package dev.skep.common.disk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The disk, or the quota on it, has no room for what was to be written. */
public final class DiskFull extends IOException {

  public DiskFull(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
