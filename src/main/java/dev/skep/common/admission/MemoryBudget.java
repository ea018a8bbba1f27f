package dev.skep.common.admission;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much memory the requests of this replica may hold, by what they hold it for. Each kind has a
 * part of the heap, and each person at most a share of that ({@link FairPool}). What does not fit
 * waits its turn, then it is refused. docs/architecture.md has the figures.
 *
 * <p>A request holds at most one permit of a kind, so none waits for what only others like it hold.
 */
public final class MemoryBudget {

  /** What memory is held for. */
  public enum Kind {
    /** JSON of people who are not known yet; all of them are one person here. */
    BODY_BEFORE_LOG_IN("request bodies before log-in", 32, 1, 64 << 10, Duration.ofSeconds(5)),
    /** JSON of people who are logged in, and what is made of it. */
    BODY("JSON bodies", 8, 4, 4 << 20, Duration.ofSeconds(5)),
    /** Pieces of content on their way to clients, outside the heap. */
    DOWNLOAD("downloads", 4, 4, 2 << 20, Duration.ofSeconds(30)),
    /** Pieces of content on their way to an object store. */
    UPLOAD("uploads", 4, 4, 8 << 20, Duration.ofSeconds(30)),
    /** Rows of listings. */
    PAGE("listings", 8, 4, 4 << 20, Duration.ofSeconds(5));

    private final String what;
    private final int partOfHeap;
    private final int shares;
    private final long least;
    private final Duration patience;

    /**
     * @param partOfHeap all of this kind together have one such part of the heap
     * @param shares a person has at most one such part of that
     * @param least what a person may hold however small the heap is
     */
    Kind(String what, int partOfHeap, int shares, long least, Duration patience) {
      this.what = what;
      this.partOfHeap = partOfHeap;
      this.shares = shares;
      this.least = least;
      this.patience = patience;
    }
  }

  private final Map<Kind, FairPool> pools = new EnumMap<>(Kind.class);

  /**
   * @param heap the largest that it may become, in bytes
   */
  public MemoryBudget(long heap) {
    for (Kind kind : Kind.values()) {
      long all = Math.max(kind.least, heap / kind.partOfHeap);
      pools.put(kind, new FairPool(kind.what, all, Math.max(kind.least, all / kind.shares)));
    }
  }

  /**
   * Waits until the request may hold so many bytes.
   *
   * @param person whose request it is
   * @throws dev.skep.common.SkepException {@code busy} when it is not its turn in time
   */
  public Permit acquire(Kind kind, Object person, long bytes) {
    return pool(kind).acquire(person, bytes, kind.patience);
  }

  /** How many bytes nobody holds now. */
  public long free(Kind kind) {
    return pool(kind).free();
  }

  private FairPool pool(Kind kind) {
    FairPool pool = pools.get(kind);
    if (pool == null) {
      throw new IllegalStateException("No budget for " + kind);
    }
    return pool;
  }
}
