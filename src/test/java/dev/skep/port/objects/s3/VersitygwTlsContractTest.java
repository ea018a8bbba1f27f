package dev.skep.port.objects.s3;

import dev.skep.testkit.server.Certificates;
import dev.skep.testkit.server.S3Server;
import dev.skep.testkit.tier.EssentialOutsideSoak;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract on versitygw over TLS, with an authority of its own. */
@Tag("server")
@EssentialOutsideSoak
class VersitygwTlsContractTest extends S3StoreContract {

  @TempDir static Path folder;
  private static Certificates certificates;
  private static S3Site site;

  @BeforeAll
  static void startServer() throws Exception {
    certificates = new Certificates(folder);
    Certificates.Server certificate = certificates.server();
    site = S3Site.onSmallDisk(data -> S3Server.versitygw(data, certificate));
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

  @Override
  TestConfig config() {
    return super.config().withCa(certificates.authority());
  }
}
