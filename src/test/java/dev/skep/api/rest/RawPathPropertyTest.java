package dev.skep.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.Names;
import dev.skep.common.SkepException;
import dev.skep.domain.files.FilePath;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random paths, as clients may write them; a failure names the seed that repeats it ({@code
 * -Dskep.test.seed=…}).
 */
class RawPathPropertyTest {

  private static final int PATHS = 30_000;
  private static final String PREFIX = "/api/v1/files/";
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  /** What has more than one spelling, or means something elsewhere. */
  private static final List<String> SPECIAL =
      List.of("ä", "a\u0308", "\u212b", "한", "\u1112\u1161\u11ab", "😀", "%", "+", "?", "#", "\\");

  private static final List<String> REFUSED =
      List.of("", ".", "..", "a/b", "a\0b", "x".repeat(256), "ä".repeat(128));

  private final long seed = Long.getLong("skep.test.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  private record Written(String workspace, List<String> names, boolean folder) {

    /** An empty name at the end is how a folder is written. */
    Written {
      if (!folder && !names.isEmpty() && names.getLast().isEmpty()) {
        names = names.subList(0, names.size() - 1);
        folder = true;
      }
    }

    /** Whether DESIGN section 5 allows it, said in other words than the product's. */
    boolean isAllowed() {
      long bytes = names.stream().mapToLong(name -> bytes(name) + 1).sum();
      return isName(workspace) && names.stream().allMatch(Written::isShortName) && bytes <= 4096;
    }

    private static boolean isShortName(String name) {
      return isName(name) && bytes(name) <= 255;
    }

    private static boolean isName(String name) {
      return !name.matches("\\.{0,2}") && name.chars().noneMatch(each -> each == '/' || each == 0);
    }

    private static long bytes(String name) {
      return nfc(name).getBytes(StandardCharsets.UTF_8).length;
    }

    FilePath path() {
      return new FilePath(workspace, names.stream().map(Written::nfc).toList(), folder);
    }

    private static String nfc(String name) {
      return Normalizer.normalize(name, Normalizer.Form.NFC);
    }
  }

  @Test
  void aPathIsReadAsItWasMeantHoweverItIsEncoded() {
    int allowed = 0;
    for (int i = 0; i < PATHS; i++) {
      Written written = written();
      Optional<FilePath> found = parse(PREFIX + encoded(written));
      assertThat(found.isPresent()).as("seed %d: %s", seed, written).isEqualTo(written.isAllowed());
      if (found.isPresent()) {
        allowed++;
        assertThat(found.get()).as("seed %d", seed).isEqualTo(written.path());
        assertThat(found.get().names()).allSatisfy(name -> assertThat(isNfc(name)).isTrue());
      }
    }
    System.out.println("paths: " + allowed + " of " + PATHS + " allowed, seed " + seed);
    assertThat(allowed).isBetween(PATHS / 4, PATHS - PATHS / 20);
  }

  @Test
  void whatWasReadIsWrittenAndReadAgainWithoutChange() {
    for (int i = 0; i < PATHS; i++) {
      Optional<FilePath> first = parse(PREFIX + encoded(written()));
      if (first.isPresent()) {
        FilePath path = first.get();
        Written again = new Written(path.workspace(), path.names(), path.folder());
        assertThat(parse(PREFIX + encoded(again))).as("seed %d", seed).contains(path);
        assertThat(RawPath.ofQuery("a=b&path=" + inQuery(path.toString()), "path"))
            .as("seed %d", seed)
            .isEqualTo(path);
      }
    }
  }

  @Test
  void garbageIsRefusedByAProblemOrReadAsAPath() {
    int accepted = 0;
    for (int i = 0; i < PATHS; i++) {
      String garbage = garbage();
      Optional<FilePath> path = parse(PREFIX + garbage);
      Optional<FilePath> query = parseQuery(garbage);
      accepted += path.isPresent() ? 1 : 0;
      path.ifPresent(this::holdsOnlyNames);
      query.ifPresent(this::holdsOnlyNames);
    }
    assertThat(accepted).as("garbage that is a path, seed %d", seed).isBetween(10, PATHS - 10);
  }

  @Test
  void brokenEncodingIsRefused() {
    List<String> broken =
        List.of("%", "%4", "%zz", "%٠٠", "%ff", "%c3", "%c3%28", "%ed%a0%80", "%c0%af", "%00", "é");
    for (String each : broken) {
      assertThat(parse(PREFIX + "home/a" + each)).as(each).isEmpty();
      assertThat(parse(PREFIX + "home/" + each + "/b")).as(each).isEmpty();
      assertThat(parseQuery("path=/home/" + each)).as(each).isEmpty();
    }
  }

  private void holdsOnlyNames(FilePath path) {
    assertThat(path.names())
        .as("seed %d", seed)
        .allSatisfy(name -> assertThat(Names.normalise(name)).isEqualTo(name));
  }

  private static Optional<FilePath> parse(String uri) {
    try {
      return Optional.of(RawPath.of(uri, PREFIX));
    } catch (SkepException e) {
      assertThat(e.code()).as(uri).isIn(ErrorCode.BAD_PATH, ErrorCode.BAD_NAME);
      return Optional.empty();
    }
  }

  private static Optional<FilePath> parseQuery(String query) {
    try {
      return Optional.of(RawPath.ofQuery(query, "path"));
    } catch (SkepException e) {
      assertThat(e.code())
          .as(query)
          .isIn(ErrorCode.BAD_PATH, ErrorCode.BAD_NAME, ErrorCode.MALFORMED);
      return Optional.empty();
    }
  }

  private static boolean isNfc(String name) {
    return Normalizer.isNormalized(name, Normalizer.Form.NFC);
  }

  private Written written() {
    List<String> names = new ArrayList<>();
    boolean isLong = random.nextInt(20) == 0;
    for (int count = random.nextInt(isLong ? 40 : 5); count > 0; count--) {
      names.add(isLong ? "x".repeat(random.nextInt(100, 256)) : name());
    }
    return new Written(random.nextInt(50) == 0 ? name() : "home", names, random.nextBoolean());
  }

  private String name() {
    if (random.nextInt(15) == 0) {
      return REFUSED.get(random.nextInt(REFUSED.size()));
    }
    StringBuilder name = new StringBuilder();
    for (int length = random.nextInt(1, 10); length > 0; length--) {
      name.append(
          switch (random.nextInt(4)) {
            case 0 -> SPECIAL.get(random.nextInt(SPECIAL.size()));
            case 1 -> Character.toString(point());
            default -> unreserved();
          });
    }
    return name.toString();
  }

  private int point() {
    int point = random.nextInt(1, 0x11_0000);
    return point >= 0xd800 && point < 0xe000 || point == '/' ? 'x' : point;
  }

  private String unreserved() {
    return Character.toString(UNRESERVED.charAt(random.nextInt(UNRESERVED.length())));
  }

  private String encoded(Written written) {
    StringBuilder text = new StringBuilder(encoded(written.workspace()));
    written.names().forEach(name -> text.append('/').append(encoded(name)));
    return text.append(written.folder() ? "/" : "").toString();
  }

  /** As clients may: what may stand for itself, percent-encoded or not, in either case. */
  private String encoded(String name) {
    StringBuilder text = new StringBuilder();
    for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (each & 0xff);
      boolean mayStand = UNRESERVED.indexOf(character) >= 0 || character > 0x7f;
      if (mayStand && random.nextInt(8) > 0) {
        text.append(character);
      } else {
        text.append((random.nextBoolean() ? "%%%02x" : "%%%02X").formatted(each & 0xff));
      }
    }
    return text.toString();
  }

  private String inQuery(String path) {
    return encoded(path).replace("%20", random.nextBoolean() ? "+" : "%20");
  }

  private String garbage() {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "home/" : "path=/home/");
    for (int length = random.nextInt(10); length > 0; length--) {
      text.append(
          switch (random.nextInt(6)) {
            case 0 -> "/";
            case 1 -> "%" + Integer.toHexString(random.nextInt(0x100));
            case 2 -> Character.toString((char) random.nextInt(0x10000));
            case 3 -> SPECIAL.get(random.nextInt(SPECIAL.size()));
            case 4 -> "&path=";
            default -> unreserved();
          });
    }
    return text.toString();
  }
}
