package dev.skep.port.config.etcd;

import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.ConfigStoreContract;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.EtcdAccess;
import java.util.UUID;

/** The contract on some etcd. */
abstract class EtcdConfigStoreRun extends ConfigStoreContract {

  private final String prefix = "test-" + UUID.randomUUID();
  private EtcdConfigStore store;
  private EtcdConfigStore other;
  private boolean full;

  abstract EtcdAccess access();

  @Override
  protected ConfigStore start() {
    store = open(access().byTheLine("config", prefix));
    other = open(access().direct("config", prefix));
    return store;
  }

  @Override
  protected void stop() {
    access().line().mend();
    setFull(false);
    store.close();
    other.close();
  }

  @Override
  protected ConfigStore otherReplica() {
    return other;
  }

  @Override
  protected void setDown(boolean down) {
    if (down) {
      access().line().cut();
    } else {
      access().line().mend();
    }
  }

  @Override
  protected void setFull(boolean wanted) {
    if (wanted == full) {
      return;
    }
    if (wanted) {
      access().server().fill();
    } else {
      access().server().empty();
    }
    full = wanted;
  }

  private static EtcdConfigStore open(Wiring wiring) {
    EtcdConfigStore made = wiring.get(EtcdConfigStore.class);
    made.open();
    return made;
  }
}
