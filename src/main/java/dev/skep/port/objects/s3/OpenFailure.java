package dev.skep.port.objects.s3;

import static dev.skep.port.objects.s3.S3Clients.KEY;

import dev.skep.port.CannotOpen;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Objects;
import javax.net.ssl.SSLException;

/** Says which setting is wrong when the first requests fail, or that it may work later. */
final class OpenFailure {

  private OpenFailure() {}

  static RuntimeException of(S3ObjectsConfig config, S3Failure e) {
    SSLException tls = e.cause(SSLException.class);
    if (tls != null) {
      return ofTls(e, tls);
    }
    return switch (e.code()) {
      case "InvalidAccessKeyId", "InvalidAccessKey", "XAdminUserNotFound" ->
          new CannotOpen(KEY + "access-key", "the server does not know this access key", e);
      case "SignatureDoesNotMatch" ->
          new CannotOpen(
              KEY + "secret-key", "is not the secret key that belongs to the access key", e);
      case "AccessDenied", "AllAccessDisabled", "AccountProblem" ->
          new CannotOpen(
              KEY + "access-key",
              "this access key may not do all that is needed in the bucket "
                  + config.bucket()
                  + " under "
                  + config.prefix()
                  + "/: list, get, put and delete objects, list and abort uploads in parts",
              e);
      case "RequestTimeTooSkewed", "RequestExpired" ->
          new CannotOpen(
              KEY + "endpoint",
              "the clocks of this machine and of the server differ by minutes. Set both, by NTP",
              e);
      case "AuthorizationHeaderMalformed",
          "PermanentRedirect",
          "IllegalLocationConstraintException" ->
          new CannotOpen(
              KEY + "region", config.region() + " is not the region of the server or bucket", e);
      case "InvalidBucketName" ->
          new CannotOpen(KEY + "bucket", config.bucket() + " is no name that the server takes", e);
      default -> ofOther(config, e);
    };
  }

  private static RuntimeException ofOther(S3ObjectsConfig config, S3Failure e) {
    if (e.kind() != S3Failure.Kind.REFUSED) {
      return e.toSkepException();
    }
    boolean noKeys = e.code().isEmpty() && config.accessKey().isEmpty();
    return noKeys
        ? new CannotOpen(
            KEY + "access-key", "is not set, and no keys were found as Amazon's tools find them", e)
        : new CannotOpen(
            KEY + "endpoint",
            "what answers there does not work as an S3 server"
                + (e.code().isEmpty() ? "" : " (" + e.code() + ")")
                + ". Check the address",
            e);
  }

  private static RuntimeException ofTls(S3Failure e, SSLException tls) {
    String reason = Objects.requireNonNullElse(tls.getMessage(), "");
    if (e.cause(CertPathValidatorException.class) != null || reason.contains("PKIX")) {
      return new CannotOpen(
          KEY + "ca",
          "the server's certificate is not signed by an authority that is trusted. Name the"
              + " authority's file",
          e);
    }
    if (e.cause(CertificateException.class) != null) {
      return new CannotOpen(
          KEY + "endpoint", "the server's certificate is for another name: " + reason, e);
    }
    if (reason.contains("plaintext") || reason.contains("Unsupported or unrecognized")) {
      return new CannotOpen(KEY + "endpoint", "the server does not speak TLS. Write http://", e);
    }
    return e.toSkepException();
  }
}
