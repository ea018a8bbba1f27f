package dev.skep.port.registry.etcd;

import dev.skep.testkit.server.EtcdAccess;
import dev.skep.testkit.server.ServerAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a real etcd. */
@Tag("server")
class EtcdServiceRegistryTest extends EtcdServiceRegistryRun {

  private static EtcdAccess access;

  @BeforeAll
  static void startServer() throws Exception {
    access = EtcdAccess.plain("registry");
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
