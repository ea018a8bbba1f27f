package dev.skep.port.pubsub.nats;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Hints through NATS 2.2 or newer. */
@ConfigMapping(prefix = "skep.pubsub.nats")
public interface NatsPubSubConfig {

  /**
   * The addresses of the servers, with commas between them: `nats://host:4222`, or
   * `tls://host:4222` for TLS; all of them one or the other. Only these are used, whatever others
   * the servers tell of. Log-in has keys of its own.
   */
  @WithDefault("nats://127.0.0.1:4222")
  String servers();

  /** The user to log in as; wants `skep.pubsub.nats.password`. */
  Optional<String> user();

  /** The user's password. */
  Optional<String> password();

  /** A token to log in with, instead of user and password. */
  Optional<String> token();

  /**
   * A PEM file of the authorities that may have signed the servers' certificates, instead of those
   * that Java trusts.
   */
  Optional<Path> ca();

  /**
   * What the subjects on the server begin with: words of `[a-z0-9_-]`, joined by dots, at most 50
   * characters. Installations that share a server need different ones.
   */
  @WithDefault("skep")
  String prefix();

  /** How long connecting to one server may take; 100 ms to 1 min. */
  @WithDefault("2s")
  Duration connectTimeout();

  /** How long a round trip to the server may take; 100 ms to 1 min. */
  @WithDefault("1500ms")
  Duration timeout();

  /**
   * How often an idle connection is tried. One that gives no answer three times is given up, so
   * that another server is used; 100 ms to 1 min.
   */
  @WithDefault("2s")
  Duration pingInterval();

  /**
   * How many hints may wait for one slow subscriber before they are dropped, and it is told to look
   * again; at least 10.
   */
  @WithDefault("1000")
  int maxPending();
}
