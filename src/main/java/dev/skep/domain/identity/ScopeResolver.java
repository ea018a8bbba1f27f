package dev.skep.domain.identity;

import dev.skep.domain.Caller;
import dev.skep.port.sql.Tx;
import java.util.UUID;

/**
 * Finds the node at a token's scope. Paths and rights lie above people, so whoever knows them
 * implements this.
 */
@FunctionalInterface
public interface ScopeResolver {

  /**
   * The node at {@code /home/docs} or {@code /SLUG/…}.
   *
   * @param caller in whose eyes: he must hold a right on it
   * @param pointer the field of the request that holds the path
   * @throws dev.skep.common.SkepException {@code not-found} where there is nothing that he may see;
   *     {@code bad-path} or {@code bad-name}
   */
  UUID resolve(Caller caller, Tx tx, String path, String pointer);
}
