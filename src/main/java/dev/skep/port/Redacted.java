package dev.skep.port;

/**
 * What an operator wrote as an address, fit for a report, a table or a log. It may be wrong in any
 * way, so nothing is parsed: what comes before an {@code @} or after a {@code ?} or {@code #} may
 * be a secret and is left out.
 */
public final class Redacted {

  private static final String LEFT_OUT = "…";
  private static final int LONGEST = 200;

  private Redacted() {}

  public static String address(String written) {
    int at = written.lastIndexOf('@');
    String shown = at < 0 ? written : LEFT_OUT + written.substring(at);
    int end = 0;
    while (end < shown.length() && end < LONGEST && "?#".indexOf(shown.charAt(end)) < 0) {
      end++;
    }
    String whole = end == shown.length() ? shown : shown.substring(0, end) + LEFT_OUT;
    return whole.replaceAll("\\p{Cntrl}", LEFT_OUT);
  }
}
