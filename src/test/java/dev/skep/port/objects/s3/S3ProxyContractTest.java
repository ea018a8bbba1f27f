package dev.skep.port.objects.s3;

import dev.skep.testkit.server.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on s3proxy. */
@Tag("server")
class S3ProxyContractTest extends S3StoreContract {

  private static S3Site site;

  @BeforeAll
  static void startServer() throws Exception {
    site = S3Site.of(S3Server::s3proxy);
  }

  @AfterAll
  static void stopServer() throws Exception {
    site.close();
  }

  @Override
  protected void setFull(boolean full) {
    Assumptions.abort("s3proxy has no word for a full disk: it answers 500 as to any other error");
  }

  @Override
  S3Site site() {
    return site;
  }
}
