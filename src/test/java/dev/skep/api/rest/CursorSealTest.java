package dev.skep.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CursorSealTest {

  private static final byte[] KEY = new byte[32];

  private final CursorSeal seal = new CursorSeal(() -> KEY);
  private final Caller anna = person(1);

  @Test
  void whoeverHasTheKeyReadsItForTheSamePerson() {
    String sealed = seal.seal(anna, "a position");
    assertThat(sealed).matches("[A-Za-z0-9_-]+");
    assertThat(new CursorSeal(() -> KEY).open(person(1), sealed)).isEqualTo("a position");
  }

  @Test
  void itShowsNothingOfItsPosition() {
    String sealed = seal.seal(anna, "secret-child");
    String bytes = new String(Base64.getUrlDecoder().decode(sealed), StandardCharsets.ISO_8859_1);
    assertThat(bytes).doesNotContain("secret");
    assertThat(seal.seal(anna, "secret-child")).isNotEqualTo(sealed);
  }

  @Test
  void anotherPersonsIsRefused() {
    refused(person(2), seal.seal(anna, "a position"));
  }

  @Test
  void oneOfAnotherKeyIsRefused() {
    byte[] other = new byte[32];
    other[0] = 1;
    refused(anna, new CursorSeal(() -> other).seal(anna, "a position"));
  }

  @Test
  void aDamagedOrForgedOneIsRefused() {
    byte[] good = Base64.getUrlDecoder().decode(seal.seal(anna, "a position"));
    for (int at = 0; at < good.length; at++) {
      byte[] damaged = good.clone();
      damaged[at] ^= 1;
      refused(anna, Base64.getUrlEncoder().withoutPadding().encodeToString(damaged));
    }
    for (String forged : List.of("", "A", "AAAA", "%", "é", "A".repeat(17), "A".repeat(15_000))) {
      refused(anna, forged);
    }
  }

  @Test
  void theKeyIsReadOnce() {
    AtomicInteger reads = new AtomicInteger();
    CursorSeal counting =
        new CursorSeal(
            () -> {
              reads.incrementAndGet();
              return KEY;
            });
    counting.open(anna, counting.seal(anna, "a position"));
    assertThat(reads).hasValue(1);
  }

  private void refused(Caller caller, String cursor) {
    assertThatThrownBy(() -> seal.open(caller, cursor))
        .as(cursor)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CURSOR));
  }

  private static Caller person(long id) {
    UUID account = new UUID(0, id);
    return new Caller(account, "name", false, account, List.of(), "request", null);
  }
}
