package dev.skep.blackbox.cluster.history;

/** What a client knows of a change it has asked for. */
enum Outcome {
  /** It was acknowledged: it happened between the request and the answer. */
  DONE,
  /** It was refused for certain: it never happened. */
  REFUSED,
  /** The answer is lost: it may have happened, may still happen, or never. */
  UNKNOWN
}
