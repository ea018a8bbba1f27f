package dev.skep.cluster.demo;

import java.time.Duration;
import java.util.List;

/**
 * What the demonstration has shown.
 *
 * @param files in the folders
 * @param sent acknowledged by a replica
 * @param bytes of those
 * @param found of those, with the same bytes
 * @param lost acknowledged but not there, or with other bytes
 * @param requestsAfter from the kill until the last request that it had broken was answered
 * @param dutiesAfter from the kill until others held all its duties; null when that did not happen
 * @param duties that it held
 * @param retried requests that were sent again
 */
public record Outcome(
    int files,
    int sent,
    long bytes,
    int found,
    List<String> lost,
    int killed,
    Duration requestsAfter,
    Duration dutiesAfter,
    int duties,
    int retried) {

  private static final int SHOWN = 10;

  public boolean isGood() {
    return lost.isEmpty() && sent == files && found == files && dutiesAfter != null;
  }

  public String text() {
    StringBuilder text = new StringBuilder("\n");
    text.append("files sent       %,d of %,d (%,d bytes)\n".formatted(sent, files, bytes));
    text.append("files found      %,d\n".formatted(found));
    text.append("lost             %d\n".formatted(lost.size()));
    lost.stream().limit(SHOWN).forEach(file -> text.append("  " + file + "\n"));
    text.append(
        "take-over        requests %,d ms, duties %s after the SIGKILL of replica %d, which held %d of them\n"
            .formatted(
                requestsAfter.toMillis(),
                dutiesAfter == null ? "NOT in time" : "%,d ms".formatted(dutiesAfter.toMillis()),
                killed,
                duties));
    text.append("requests retried %,d\n".formatted(retried));
    return text.toString();
  }
}
