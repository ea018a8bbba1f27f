package dev.skep.port.objects.s3;

import dev.skep.port.objects.ObjectStore;
import dev.skep.port.objects.ObjectStoreContract;
import dev.skep.testkit.server.S3Server;
import java.util.Optional;
import java.util.UUID;

/** The contract on a real server: two replicas, each test in a folder of its own. */
abstract class S3StoreContract extends ObjectStoreContract {

  private final String prefix = "tests/" + UUID.randomUUID();
  private S3ObjectStore store;
  private S3ObjectStore other;

  abstract S3Site site();

  TestConfig config() {
    S3Server server = site().server();
    return TestConfig.of(server.endpoint())
        .withKeys(Optional.of(server.accessKey()), Optional.of(server.secretKey()))
        .withBucket(server.bucket(), true);
  }

  @Override
  protected ObjectStore start() {
    store = open();
    other = open();
    return store;
  }

  private S3ObjectStore open() {
    S3ObjectStore opened = config().withPrefix(prefix).store();
    opened.open();
    return opened;
  }

  @Override
  protected void stop() throws Exception {
    site().setRoom();
    store.close();
    other.close();
  }

  @Override
  protected ObjectStore otherReplica() {
    return other;
  }

  @Override
  protected void setFull(boolean full) throws Exception {
    site().setFull(full);
  }

  @Override
  protected void setDown(boolean down) throws Exception {
    site().setDown(down);
  }
}
