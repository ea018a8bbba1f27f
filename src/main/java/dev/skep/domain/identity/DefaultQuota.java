package dev.skep.domain.identity;

/** What a new home may hold where nobody says otherwise. */
@FunctionalInterface
public interface DefaultQuota {

  /** Bytes; −1 for no limit. */
  long bytes();
}
