package dev.skep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.boot.ConfigurationReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Documents that cannot rot. */
class DocsTest {

  private static final Path CONFIGURATION = Path.of("docs/configuration.md");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)#: ]+)(#[^)]*)?\\)");

  @Test
  void theConfigurationReferenceIsThatOfTheMappings() throws IOException {
    String reference = ConfigurationReference.text();
    if (Boolean.getBoolean("skep.docs.write")) {
      Files.writeString(CONFIGURATION, reference);
    }
    assertThat(CONFIGURATION)
        .as("docs/configuration.md is out of date; write it anew with: ./skep docs")
        .content()
        .isEqualTo(reference);
  }

  @Test
  void everyLinkInTheDocumentsLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      Matcher links = LINK.matcher(Files.readString(document));
      while (links.find()) {
        if (!Files.exists(document.toAbsolutePath().resolveSibling(links.group(1)))) {
          broken.add(document + " -> " + links.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void theMapInTheReadmeShowsFoldersThatExist() throws IOException {
    List<String> absent = new ArrayList<>();
    Matcher folders =
        Pattern.compile("(?m)^│? *[├└]── (src/\\S+/|docs/)")
            .matcher(Files.readString(Path.of("README.md")));
    while (folders.find()) {
      if (!Files.isDirectory(Path.of(folders.group(1)))) {
        absent.add(folders.group(1));
      }
    }
    assertThat(absent).isEmpty();
  }

  @Test
  void decisionsAreNumberedWithoutGapOrDouble() throws IOException {
    try (Stream<Path> records = Files.list(Path.of("docs/adr"))) {
      List<String> numbers =
          records
              .map(record -> record.getFileName().toString())
              .filter(name -> name.matches("\\d{4}-.*\\.md"))
              .map(name -> name.substring(0, 4))
              .sorted()
              .toList();
      assertThat(numbers)
          .isNotEmpty()
          .isEqualTo(IntStream.rangeClosed(1, numbers.size()).mapToObj("%04d"::formatted).toList());
    }
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
      return Stream.concat(
              docs.filter(file -> file.toString().endsWith(".md")),
              Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(Path::of))
          .toList();
    }
  }
}
