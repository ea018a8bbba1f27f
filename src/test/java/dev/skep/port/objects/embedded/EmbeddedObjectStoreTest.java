package dev.skep.port.objects.embedded;

import dev.skep.common.disk.RealDisk;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.objects.ObjectStoreContract;
import dev.skep.testkit.FaultyDisk;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the files of this machine. */
class EmbeddedObjectStoreTest extends ObjectStoreContract {

  @TempDir Path folder;
  private final FaultyDisk disk = new FaultyDisk(new RealDisk());
  private EmbeddedObjectStore store;

  @Override
  protected ObjectStore start() {
    store = new EmbeddedObjectStore(new TestConfig(folder, 0), disk);
    store.open();
    return store;
  }

  @Override
  protected void stop() {
    store.close();
  }

  @Override
  protected void setFull(boolean full) {
    disk.full(full);
  }

  @Override
  protected void setDown(boolean down) {
    disk.down(down);
  }
}
