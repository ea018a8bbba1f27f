package dev.skep.domain.identity;

import java.util.List;

/**
 * A group. Everyone who is logged in may know who is in it: what is shared with a group is shared
 * with them.
 *
 * @param members {@code user:anna}, {@code group:staff}; in the order of these words
 */
public record GroupView(String name, String displayName, List<String> members, long revision) {

  public GroupView {
    members = List.copyOf(members);
  }
}
