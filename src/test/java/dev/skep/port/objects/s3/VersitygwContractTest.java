package dev.skep.port.objects.s3;

import dev.skep.testkit.server.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on versitygw, or on the server that the tester gave. */
@Tag("server")
class VersitygwContractTest extends S3StoreContract {

  private static S3Site site;

  @BeforeAll
  static void startServer() throws Exception {
    site = S3Site.onSmallDisk(S3Server::givenOrVersitygw);
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (site != null) {
      site.close();
    }
  }

  @Override
  S3Site site() {
    return site;
  }
}
