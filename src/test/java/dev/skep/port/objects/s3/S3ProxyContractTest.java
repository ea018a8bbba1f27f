package dev.skep.port.objects.s3;

import dev.skep.common.ErrorCode;
import dev.skep.testkit.server.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on s3proxy. */
@Tag("server")
class S3ProxyContractTest extends S3StoreContract {

  private static S3Site site;

  @BeforeAll
  static void startServer() throws Exception {
    site = S3Site.onSmallDisk(S3Server::s3proxy);
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (site != null) {
      site.close();
    }
  }

  /** It has no word for a full disk, but answers 500, as to any other error. */
  @Override
  protected ErrorCode whenFull() {
    return ErrorCode.UNKNOWN_OUTCOME;
  }

  @Override
  S3Site site() {
    return site;
  }
}
