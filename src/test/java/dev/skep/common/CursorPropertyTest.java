package dev.skep.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Random cursors; a failure names the seed that repeats it ({@code -Dskep.test.seed=…}). */
class CursorPropertyTest {

  private static final int CURSORS = 20_000;
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final String OTHERS = "+/=. %é\n\0😀";

  private final long seed = Long.getLong("skep.test.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  @Test
  void aCursorLeadsToItsPositionInItsQueryAndInNoOther() {
    for (int i = 0; i < CURSORS; i++) {
      String query = text();
      String position = text();
      String cursor = Cursor.encode(query, position);

      assertThat(cursor).as("seed %d", seed).matches("[A-Za-z0-9_-]+");
      assertThat(PageRequest.of(query, 1, cursor).after()).as("seed %d", seed).isEqualTo(position);
      String other = text();
      if (!other.equals(query)) {
        refused(() -> PageRequest.of(other, 1, cursor));
      }
    }
  }

  /** What ends one query and begins its position is another query with another position. */
  @Test
  void aQueryIsKeptApartFromItsPosition() {
    byte[] whole = Base64.getUrlDecoder().decode(Cursor.encode("children of a", "b"));
    byte[] moved =
        ByteBuffer.allocate(whole.length + 1)
            .put(whole, 0, Cursor.DIGEST_BYTES)
            .put((byte) 'a')
            .put((byte) 'b')
            .array();
    String cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(moved);

    refused(() -> PageRequest.of("children of ", 1, cursor));
  }

  @Test
  void aDamagedCursorIsABadCursor() {
    for (int i = 0; i < CURSORS; i++) {
      String query = text();
      String position = text();
      String cursor = Cursor.encode(query, position);
      String damaged = damage(cursor);
      if (!damaged.equals(cursor)) {
        refusedOrTheSame(query, damaged, position);
      }
    }
  }

  @Test
  void whatWasNeverACursorIsABadCursor() {
    for (int i = 0; i < CURSORS; i++) {
      StringBuilder garbage = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        garbage.append(any());
      }
      refused(() -> PageRequest.of("query", 1, garbage.toString()));
    }
  }

  /** Whoever makes a cursor himself gets no further than with a damaged one. */
  @Test
  void aPositionOfAnotherFormIsABadCursor() {
    for (String position : new String[] {"", "x", "1.5", "99999999999999999999", "١", "\0"}) {
      PageRequest forged = PageRequest.of("q", 1, Cursor.encode("q", position));
      refused(() -> forged.after(UUID::fromString, Ids.ZERO));
      if (!position.equals("١")) { // an Arabic 1, which Java reads as a number
        refused(() -> forged.after(Long::valueOf, 0L));
      }
    }
    assertThat(PageRequest.of("q", 1, Cursor.encode("q", "7")).after(Long::valueOf, 0L))
        .isEqualTo(7);
    assertThat(PageRequest.of("q", 1, null).after(Long::valueOf, 9L)).isEqualTo(9);
  }

  /** The last character of Base64 may carry bits that mean nothing. */
  private void refusedOrTheSame(String query, String damaged, String position) {
    try {
      assertThat(PageRequest.of(query, 1, damaged).after())
          .as("seed %d: \"%s\"", seed, damaged)
          .isEqualTo(position);
    } catch (SkepException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.BAD_CURSOR);
    }
  }

  private void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .as("seed %d", seed)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CURSOR));
  }

  private String damage(String cursor) {
    int at = random.nextInt(cursor.length());
    return switch (random.nextInt(4)) {
      case 0 -> cursor.substring(0, at);
      case 1 -> cursor.substring(0, at) + cursor.substring(at + 1);
      case 2 -> cursor.substring(0, at) + any() + cursor.substring(at);
      default -> cursor.substring(0, at) + any() + cursor.substring(at + 1);
    };
  }

  private String any() {
    String from = random.nextInt(8) == 0 ? OTHERS : ALPHABET;
    return from.substring(random.nextInt(from.length())).substring(0, 1);
  }

  /** Of any characters but halves of pairs, which no query and no name holds. */
  private String text() {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(12); length > 0; length--) {
      int point = random.nextInt(4) == 0 ? random.nextInt(0x11_0000) : random.nextInt(0x80);
      text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 'x' : point);
    }
    return text.toString();
  }
}
