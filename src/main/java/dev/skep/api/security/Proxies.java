package dev.skep.api.security;

import java.net.InetAddress;

/** Which addresses are reverse proxies of this installation; {@code boot} knows. */
@FunctionalInterface
public interface Proxies {

  /** Whether what this address says of the client that it forwards for is believed. */
  boolean trust(InetAddress address);
}
