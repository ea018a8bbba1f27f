package dev.skep.port.config.embedded;

import dev.skep.common.disk.RealDisk;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.ConfigStoreContract;
import dev.skep.testkit.FaultyDisk;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a file of this machine. */
class EmbeddedConfigStoreTest extends ConfigStoreContract {

  @TempDir Path folder;
  private final FaultyDisk disk = new FaultyDisk(new RealDisk());
  private EmbeddedConfigStore store;

  @Override
  protected ConfigStore start() {
    store = new EmbeddedConfigStore(() -> folder, disk);
    store.open();
    return store;
  }

  @Override
  protected void stop() {
    store.close();
  }

  @Override
  protected void setDown(boolean down) {
    disk.down(down);
  }

  @Override
  protected void setFull(boolean full) {
    disk.full(full);
  }
}
