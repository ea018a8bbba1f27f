package dev.skep.port.objects.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.disk.Disk;
import dev.skep.common.disk.Disk.ReadableFile;
import dev.skep.common.disk.RealDisk;
import dev.skep.port.DataFolder;
import dev.skep.port.Driver;
import dev.skep.port.objects.BlobKey;
import dev.skep.port.objects.ObjectStore;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as files. An upload goes to {@code tmp/}; its commit forces the file, renames it into
 * {@code blobs/} and forces the folder there. {@code format} tells the layout's version.
 */
@Singleton
@Identifier("embedded")
public final class EmbeddedObjectStore implements ObjectStore, Driver {

  private static final String FOLDER_KEY = "skep.objects.embedded.folder";

  private final EmbeddedObjectsConfig config;
  private final Disk disk;
  private final Path uploads;
  private final AtomicLong uploadNumber = new AtomicLong();
  private @Nullable DataFolder folder;
  private volatile @Nullable BlobFolder blobs;

  @Inject
  public EmbeddedObjectStore(EmbeddedObjectsConfig config) {
    this(config, new RealDisk());
  }

  public EmbeddedObjectStore(EmbeddedObjectsConfig config, Disk disk) {
    this.config = config;
    this.disk = disk;
    this.uploads = config.folder().resolve("tmp");
  }

  @Override
  public void open() {
    DataFolder taken = DataFolder.take(disk, FOLDER_KEY, config.folder());
    folder = taken;
    try {
      BlobFolder found = new BlobFolder(disk, taken.path().resolve("blobs"));
      found.open();
      disk.createFolders(uploads);
      new FormatFile(disk, taken).check(found.isEmpty());
      for (String abandoned : disk.list(uploads)) {
        disk.delete(uploads.resolve(abandoned));
      }
      blobs = found;
    } catch (IOException e) {
      throw taken.refuse(e);
    }
  }

  @Override
  public String target() {
    return config.folder().toString();
  }

  @Override
  public void check() {
    if (!blobs().sound()) {
      throw new SkepException(
          ErrorCode.UNAVAILABLE,
          "The disk of the object store failed. Check it, then restart Skep");
    }
  }

  @Override
  public void close() {
    blobs = null;
    DataFolder taken = folder;
    folder = null;
    if (taken == null) {
      return;
    }
    try {
      taken.close();
    } catch (IOException e) {
      throw DiskFailure.of(e);
    }
  }

  @Override
  public Upload create(String key, long length) {
    BlobKey.checked(key);
    BlobFolder target = blobs();
    FreeSpace space = new FreeSpace(disk, config.folder(), config.minFreeSpace());
    try {
      space.require(Math.max(length, 0));
      Path temporary = uploads.resolve(Long.toString(uploadNumber.incrementAndGet()));
      return new FileUpload(disk, target, space, temporary, key, length);
    } catch (IOException e) {
      throw DiskFailure.of(e);
    }
  }

  @Override
  public @Nullable Download open(String key, long offset, long length) {
    BlobKey.checked(key);
    if (offset < 0 || length < -1) {
      throw new IllegalArgumentException("No range: " + length + " bytes from " + offset);
    }
    try {
      ReadableFile file = blobs().open(key);
      return file == null ? null : new FileDownload(file, offset, length);
    } catch (IOException e) {
      throw DiskFailure.of(e);
    }
  }

  @Override
  public void delete(String key) {
    BlobKey.checked(key);
    try {
      blobs().delete(key);
    } catch (IOException e) {
      throw DiskFailure.of(e);
    }
  }

  @Override
  public List<String> list(String prefix, @Nullable String after, int limit) {
    try {
      return blobs().list(prefix, after, limit);
    } catch (IOException e) {
      throw DiskFailure.of(e);
    }
  }

  private BlobFolder blobs() {
    BlobFolder open = blobs;
    if (open == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "The object store is not open");
    }
    return open;
  }
}
