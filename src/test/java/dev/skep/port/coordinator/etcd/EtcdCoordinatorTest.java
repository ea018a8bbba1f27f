package dev.skep.port.coordinator.etcd;

import dev.skep.testkit.server.EtcdAccess;
import dev.skep.testkit.server.ServerAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a real etcd. */
@Tag("server")
class EtcdCoordinatorTest extends EtcdCoordinatorRun {

  private static EtcdAccess access;

  @BeforeAll
  static void startServer() throws Exception {
    access = EtcdAccess.plain("coordinator");
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (access != null) {
      access.close();
    }
  }

  @Override
  protected ServerAccess access() {
    return access;
  }
}
