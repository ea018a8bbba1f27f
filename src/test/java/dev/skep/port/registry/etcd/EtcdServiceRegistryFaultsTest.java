package dev.skep.port.registry.etcd;

import dev.skep.port.leased.LeasedRegistryFaults;
import dev.skep.testkit.server.EtcdAccess;
import dev.skep.testkit.server.ServerAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Faults of an etcd. */
@Tag("server")
class EtcdServiceRegistryFaultsTest extends LeasedRegistryFaults<EtcdServiceRegistry> {

  private static EtcdAccess access;

  @BeforeAll
  static void startServer() throws Exception {
    access = EtcdAccess.own("registry");
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

  @Override
  protected Class<EtcdServiceRegistry> driver() {
    return EtcdServiceRegistry.class;
  }

  @Override
  protected String threads() {
    return "etcd registry .*";
  }

  @Override
  protected void putByHand(String id, String text) {
    access.server().put(prefix + "/registry/replicas/" + id, text);
  }

  @Override
  protected void deleteByHand(String id) {
    access.server().delete(prefix + "/registry/replicas/" + id);
  }
}
