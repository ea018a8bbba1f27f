package dev.skep.port.objects.embedded;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets one commit of a key run at a time, and hides its blob meanwhile: a reader must not see what
 * a power cut could still take away. Thread-safe.
 */
final class RunningCommits {

  private final Map<String, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
  private final Set<String> uncertain = ConcurrentHashMap.newKeySet();

  /** Waits for the commit of this key that runs now, if any. */
  void begin(String key) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> other = running.putIfAbsent(key, mine);
    while (other != null) {
      other.join();
      other = running.putIfAbsent(key, mine);
    }
  }

  void end(String key) {
    CompletableFuture<Void> mine = running.remove(key);
    if (mine != null) {
      mine.complete(null);
    }
  }

  /** Nobody knows whether this blob is durable, so it stays hidden until the next start. */
  void keepHidden(String key) {
    uncertain.add(key);
  }

  /** To be asked after the file was found, so that a commit that ended meanwhile counts. */
  boolean hides(String key) {
    return running.containsKey(key) || uncertain.contains(key);
  }
}
