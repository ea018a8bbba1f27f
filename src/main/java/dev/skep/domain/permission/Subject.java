package dev.skep.domain.permission;

import dev.skep.common.Ids;
import java.util.UUID;

/** To whom an entry grants something; {@code id} is zero for everyone. */
public record Subject(Kind kind, UUID id) {

  public static final Subject EVERYONE = new Subject(Kind.EVERYONE, Ids.ZERO);

  /** The column's values are 1 to 4, in this order. */
  public enum Kind {
    USER,
    GROUP,
    EVERYONE,
    LINK;

    public int column() {
      return ordinal() + 1;
    }

    static Kind of(long column) {
      return values()[(int) column - 1];
    }
  }

  public static Subject user(UUID id) {
    return new Subject(Kind.USER, id);
  }

  public static Subject group(UUID id) {
    return new Subject(Kind.GROUP, id);
  }
}
