package dev.skep.port.objects.s3;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Blobs in a bucket of a server that speaks S3; docs/drivers/objects-s3.md has the rest. */
@ConfigMapping(prefix = "skep.objects.s3")
public interface S3ObjectsConfig {

  /**
   * The server's address, `https://s3.example.org:9000`; several of one store are separated by
   * commas, and a request that one cannot be asked goes to the next. Without it, Amazon's server of
   * the region.
   */
  Optional<String> endpoint();

  /** The region that requests are signed for; what the server calls itself. */
  @WithDefault("us-east-1")
  String region();

  /** The bucket. */
  @WithDefault("skep")
  String bucket();

  /** Whether a bucket that does not exist is made at the start. */
  @WithDefault("true")
  boolean createBucket();

  /**
   * The folder in the bucket: all keys begin with it and a slash, so that several installations can
   * share a bucket.
   */
  @WithDefault("skep")
  String prefix();

  /**
   * The name of this installation, which the first start writes into the folder; a folder that
   * holds another name is refused.
   */
  @WithDefault("skep")
  String installation();

  /** The access key; without it, keys are found as Amazon's own tools find them. */
  Optional<String> accessKey();

  /** The secret key. */
  Optional<String> secretKey();

  /** Whether the bucket is named in the path of the address instead of in the host's name. */
  @WithDefault("true")
  boolean pathStyle();

  /**
   * A PEM file of the authorities that may have signed the server's certificate, instead of those
   * that Java trusts.
   */
  Optional<Path> ca();

  /**
   * Bytes up to which a blob is sent in one request, and of the pieces in which a larger one is
   * sent; each running upload holds as much in memory. At least 5 MiB; a blob has 10,000 pieces at
   * most.
   */
  @WithDefault("8388608")
  int partSize();

  /** How long a connection may take to be made. */
  @WithDefault("2s")
  Duration connectTimeout();

  /** How long the server may be silent while an answer or a download is awaited. */
  @WithDefault("10s")
  Duration readTimeout();

  /** How long one request may take, sending a piece of an upload included. */
  @WithDefault("30s")
  Duration requestTimeout();

  /** How long the server may take to put the pieces of a large blob together. */
  @WithDefault("2m")
  Duration commitTimeout();

  /** How often a request that failed and may be repeated is repeated. */
  @WithDefault("2")
  int retries();

  /**
   * After which age the pieces of an upload that nobody finished are removed, under the prefix
   * only; longer than any upload takes.
   */
  @WithDefault("2d")
  Duration abandonedAfter();
}
