package dev.skep.port.objects.embedded;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Blobs as files in a folder. */
@ConfigMapping(prefix = "skep.objects.embedded")
public interface EmbeddedObjectsConfig {

  /** The folder of the blobs; made where it is missing, used by one process at a time. */
  @WithDefault("${skep.data}/objects")
  Path folder();

  /**
   * Bytes that stay free on the folder's disk: an upload that would leave less is refused with
   * `no-space`, while reading and deleting go on.
   */
  @WithDefault("67108864")
  long minFreeSpace();
}
