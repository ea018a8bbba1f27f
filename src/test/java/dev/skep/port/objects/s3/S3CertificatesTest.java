package dev.skep.port.objects.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.port.CannotOpen;
import dev.skep.testkit.server.Certificates;
import dev.skep.testkit.server.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate that does not match ends the start and names the setting. */
@Tag("server")
class S3CertificatesTest {

  @TempDir Path folder;

  private static void refused(TestConfig config, String key, String words) {
    S3ObjectStore store = config.store();
    assertThatExceptionOfType(CannotOpen.class)
        .isThrownBy(store::open)
        .satisfies(
            e -> {
              assertThat(e.key()).isEqualTo("skep.objects.s3." + key);
              assertThat(e.getMessage()).contains(words);
            });
    store.close();
  }

  @Test
  void oneOfAnAuthorityThatNobodyTrusts() throws Exception {
    Certificates.Server certificate = new Certificates(folder).server();
    try (S3Site site = S3Site.of(data -> S3Server.versitygw(data, certificate))) {
      TestConfig config = TestConfig.of(site.server().endpoint());
      refused(config, "ca", "not signed by an authority");
      refused(config.withCa(folder.resolve("missing.pem")), "ca", "missing.pem");
      refused(config.withCa(Files.writeString(folder.resolve("e.pem"), "x")), "ca", "e.pem");
    }
  }

  @Test
  void oneForAnotherName() throws Exception {
    Certificates certificates = new Certificates(folder);
    Certificates.Server stranger = certificates.stranger();
    try (S3Site site = S3Site.of(data -> S3Server.versitygw(data, stranger))) {
      refused(
          TestConfig.of(site.server().endpoint()).withCa(certificates.authority()),
          "endpoint",
          "another name");
    }
  }
}
