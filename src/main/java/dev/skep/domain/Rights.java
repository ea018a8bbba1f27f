package dev.skep.domain;

import dev.skep.common.SkepException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** A set of rights, as bits. The empty set is an entry of its own: it ends inheritance. */
public record Rights(int bits) {

  public static final Rights NONE = new Rights(0);
  public static final Rights ALL = of(Right.values());

  public Rights {
    if (bits < 0 || bits >= 1 << Right.values().length) {
      throw new IllegalArgumentException("not a set of rights: " + bits);
    }
  }

  public static Rights of(Right... rights) {
    return new Rights(Arrays.stream(rights).mapToInt(Right::bit).reduce(0, (a, b) -> a | b));
  }

  /** Reads the words of the API; refuses an unknown one, naming the field. */
  public static Rights parse(Collection<String> words, String pointer) {
    Rights rights = NONE;
    for (String word : words) {
      rights = rights.or(of(parse(word, pointer)));
    }
    return rights;
  }

  private static Right parse(String word, String pointer) {
    return Arrays.stream(Right.values())
        .filter(right -> right.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                SkepException.field(
                    pointer,
                    "\"" + word + "\" is no right; choose from read, write, delete, share, admin"));
  }

  public boolean has(Right right) {
    return (bits & right.bit()) != 0;
  }

  public boolean holds(Rights others) {
    return (bits & others.bits) == others.bits;
  }

  public boolean none() {
    return bits == 0;
  }

  public Rights or(Rights others) {
    return new Rights(bits | others.bits);
  }

  public Rights and(Rights others) {
    return new Rights(bits & others.bits);
  }

  public List<String> words() {
    return Arrays.stream(Right.values()).filter(this::has).map(Right::word).toList();
  }
}
