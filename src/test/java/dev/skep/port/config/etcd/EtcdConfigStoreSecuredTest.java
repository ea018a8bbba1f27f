package dev.skep.port.config.etcd;

import dev.skep.testkit.server.EtcdAccess;
import dev.skep.testkit.tier.EssentialOutsideSoak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same with TLS both ways, a password, and a user who may do nothing outside of his prefix. */
@Tag("server")
@EssentialOutsideSoak
class EtcdConfigStoreSecuredTest extends EtcdConfigStoreRun {

  private static EtcdAccess access;

  @BeforeAll
  static void startServer() throws Exception {
    access = EtcdAccess.secured("config");
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (access != null) {
      access.close();
    }
  }

  @Override
  EtcdAccess access() {
    return access;
  }
}
