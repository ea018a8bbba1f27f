package dev.skep.port.objects.s3;

import dev.skep.testkit.server.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The driver's own promises on s3proxy. */
@Tag("server")
class S3ProxyStoreTest extends S3StoreTest {

  private static S3Site site;

  @BeforeAll
  static void startServer() throws Exception {
    site = S3Site.of(data -> S3Server.s3proxy(data));
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
