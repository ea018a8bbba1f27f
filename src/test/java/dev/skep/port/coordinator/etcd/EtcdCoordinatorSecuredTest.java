package dev.skep.port.coordinator.etcd;

import dev.skep.testkit.server.EtcdAccess;
import dev.skep.testkit.server.ServerAccess;
import dev.skep.testkit.tier.EssentialOutsideSoak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same with TLS both ways, a password, and a user who may do nothing outside of his prefix. */
@Tag("server")
@EssentialOutsideSoak
class EtcdCoordinatorSecuredTest extends EtcdCoordinatorRun {

  private static EtcdAccess access;

  @BeforeAll
  static void startServer() throws Exception {
    access = EtcdAccess.secured("coordinator");
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
