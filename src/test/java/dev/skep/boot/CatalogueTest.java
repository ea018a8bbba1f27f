package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.skep.port.Driver;
import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is written down by hand is whole. */
class CatalogueTest {

  private static final JavaClasses SKEP =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.skep");

  @Test
  void everyDriverIsInTheCatalogue() {
    List<String> drivers =
        SKEP.stream()
            .filter(c -> c.isAssignableTo(Driver.class) && !c.isInterface())
            .map(c -> c.getPackageName().replace("dev.skep.port.", ""))
            .toList();

    assertThat(Catalogue.OF_THIS_BUILD.entries())
        .extracting(entry -> entry.port().word() + "." + entry.name())
        .containsExactlyInAnyOrderElementsOf(drivers);
  }

  @Test
  void everyConfigurationMappingIsInMappings() {
    Stream<JavaClass> mappings = SKEP.stream().filter(c -> c.isAnnotatedWith(ConfigMapping.class));

    assertThat(Mappings.ALL)
        .extracting(Class::getName)
        .containsExactlyInAnyOrderElementsOf(mappings.map(JavaClass::getName).toList());
  }
}
