package dev.skep.bench.lab;

/** The S3 server, which {@code ./skep} builds where it is not on the PATH. */
public final class VersityGw {

  private VersityGw() {}

  public static String command() {
    return System.getProperty("skep.versitygw", "versitygw");
  }
}
