package dev.skep.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What {@code ./skep build} and {@code ./skep test} do after Maven: a training run, whose cache the
 * next start can use. Where none was trained since the artefact was built, the test does it.
 */
class AotCacheTest {

  /** The JVM ends with an error, rather than without the cache. */
  private static final String ON = "-XX:AOTMode=on";

  @Test
  void aTrainedCacheIsUsedByTheNextStart() throws Exception {
    Path jar = Skep.artefact();
    assumeTrue(jar.toString().endsWith(".jar"), "the artefact is no jar: " + jar);
    Path cache = Skep.cache();
    if (!isTrained(jar, cache)) {
      cache = Skep.newFolder("aot").resolve("skep.aot");
      train(jar, cache);
    }
    Skep.Setup setup =
        Skep.on(Skep.newFolder("skep-data"))
            .plain()
            .javaOption(ON)
            .javaOption("-XX:AOTCache=" + cache);
    try (Skep skep = setup.start()) {
      assertThat(skep.admin().get("/api/v1/me").status()).isEqualTo(200);
      assertThat(skep.output()).doesNotContain("[aot]");
    }
  }

  private static boolean isTrained(Path jar, Path cache) throws Exception {
    return Files.exists(cache)
        && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) > 0;
  }

  private static void train(Path jar, Path cache) throws Exception {
    Path output = cache.resolveSibling("output.txt");
    Process training =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Path.of("..", "src", "build", "Training.java").toString(),
                jar.toString(),
                cache.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = training.waitFor(5, TimeUnit.MINUTES);
    training.destroyForcibly();
    assertThat(ended && training.exitValue() == 0).as(Files.readString(output)).isTrue();
  }
}
