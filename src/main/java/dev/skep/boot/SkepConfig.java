package dev.skep.boot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** What concerns the whole process. */
@ConfigMapping(prefix = "skep")
public interface SkepConfig {

  /** The folder in which everything that lasts is kept on this machine by embedded drivers. */
  @WithDefault("data")
  Path data();

  /**
   * The drivers of all ports for which none is chosen by its own key: {@code embedded} keeps
   * everything on this machine, {@code clustered} on servers that many replicas share. The packaged
   * application is {@code clustered}; {@code serve --embedded} and the profiles {@code dev} and
   * {@code test} are {@code embedded}.
   */
  Optional<String> drivers();

  /**
   * What this replica does, separated by commas: {@code web} answers requests, {@code worker} does
   * background work. One without {@code web} answers only health and metrics. A replica with
   * embedded drivers does both, since it can have no other beside it.
   */
  @WithDefault("web,worker")
  String roles();

  /**
   * The reverse proxies before Skep: addresses and networks, separated by commas, such as {@code
   * 127.0.0.1,10.0.0.0/8,2001:db8::/32}. What they say in {@code Forwarded} and {@code
   * X-Forwarded-For} tells clients apart, for log-ins that fail; from others these headers count
   * for nothing.
   */
  Optional<String> trustedProxies();

  /** Users, permissions, the tree: everything that must be atomic. */
  PortConfig sql();

  /** Contents of files. */
  PortConfig objects();

  /** Settings that change at run time. */
  PortConfig config();

  /** Copies that may be lost. */
  PortConfig cache();

  /** Hints to every replica. */
  PortConfig pubsub();

  /** Leases, and background work shared out. */
  PortConfig coordinator();

  /** Which replicas are alive. */
  PortConfig registry();

  /** The administrator that the first start makes. */
  AdminConfig admin();

  /** Figures of this replica. */
  MetricsConfig metrics();

  /** What this replica tells of itself. */
  LogConfig log();

  /** The choice of one port's driver. */
  interface PortConfig {

    /** The name of the driver; it wins over {@code skep.drivers}. */
    Optional<String> driver();
  }

  /** The first administrator. */
  interface AdminConfig {

    /**
     * The password of the user {@code admin}; counts only while no user exists. Without it one is
     * generated and kept in the file {@code admin} of the data folder. An environment variable is
     * seen by whoever may look at the process, and by all that it starts: {@code password-file} is
     * better.
     */
    Optional<String> password();

    /**
     * A file that holds this password instead, such as a secret that Docker or Kubernetes mounts.
     * It is read while no user exists; one line end at its end does not count.
     */
    Optional<Path> passwordFile();
  }

  /** Who reads {@code /q/metrics}. */
  interface MetricsConfig {

    /**
     * A secret of at least 16 characters with which {@code /q/metrics} is read (as {@code
     * Authorization: Bearer}), also while {@code sql} is down. Without it only administrators read
     * it.
     */
    Optional<String> token();
  }

  /** The log on the terminal. */
  interface LogConfig {

    /**
     * Whether each line of the log is a JSON object, with the id of the request that it belongs to.
     * Without it: where {@code skep.drivers} is {@code clustered}.
     */
    Optional<Boolean> json();
  }
}
