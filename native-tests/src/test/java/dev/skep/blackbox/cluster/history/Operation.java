package dev.skep.blackbox.cluster.history;

import java.util.Set;

/** What a client did, as far as it concerns what must hold. */
sealed interface Operation {

  /** The value of a register before its first write, and after what it belongs to was purged. */
  String NOTHING = "nothing";

  Span span();

  /**
   * Wrote a register, whose only writer it is: the content of a file, its place, a right, a
   * setting.
   *
   * @param late whether it may take effect (again) whenever later: a request of unknown fate is on
   *     its way, and no condition in it is broken by what was written since
   */
  record Write(Span span, String register, String value, Outcome outcome, boolean late)
      implements Operation {}

  /**
   * Was told what a register holds.
   *
   * @param anyOf what it may be, of which the answer does not say which
   */
  record Read(Span span, String register, Set<String> anyOf) implements Operation {
    Read(Span span, String register, String value) {
      this(span, register, Set.of(value));
    }
  }

  /**
   * Made something of a name that nobody else ever uses, by a request that has its effect once.
   *
   * @param inside the name of the folder that it was made in, where that may be purged; else empty
   * @param digest of its content, as far as it was told; else empty
   */
  record Make(Span span, String name, String inside, String digest, Outcome outcome)
      implements Operation {}

  /** Removed a folder that was {@linkplain Make made}, and all in it, for good. */
  record Purge(Span span, String name, Outcome outcome) implements Operation {}

  /** Was told how much a workspace holds. */
  record Use(Span span, String workspace, long used, long quota) implements Operation {}

  /** Was told what nobody may be told, such as a failure of Skep's own. */
  record Surprise(Span span, String what) implements Operation {}
}
