package dev.skep.port;

/** The oldest version of a server that a driver works on. */
public record OldestVersion(int major, int minor) {

  /** Whether a server of this version may be used. */
  public boolean admits(String version) {
    String[] parts = version.split("\\.", -1);
    try {
      int itsMajor = Integer.parseInt(parts[0]);
      return itsMajor > major || (itsMajor == major && Integer.parseInt(parts[1]) >= minor);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return true; // a name that nobody has seen yet is not old
    }
  }

  /** As servers write it: {@code 3.6}. */
  @Override
  public String toString() {
    return major + "." + minor;
  }
}
