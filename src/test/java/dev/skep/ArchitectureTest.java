package dev.skep;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.skep.domain.Caller;
import dev.skep.port.Driver;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.config.ConfigMapping;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The architecture of docs/architecture.md, one method a rule. A rule on a package that is not
 * there yet holds, and bites from the day it is.
 */
class ArchitectureTest {

  static final JavaClasses SKEP =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.skep");

  private static final String[] DRIVERS = {"dev.skep.port.*.*.."};

  /**
   * Two exceptions to "a driver sees its own port and nothing of others": what the drivers on etcd
   * share, their connection, and those on ZooKeeper. It is no port: nobody but these may see it.
   */
  private static final String ETCD = "dev.skep.port.etcd";

  private static final String ZOOKEEPER = "dev.skep.port.zookeeper";

  /**
   * What the drivers of coordinator and registry, and the connections under them, do alike on
   * servers with leases; no port either.
   */
  private static final String LEASED = "dev.skep.port.leased";

  private static final DescribedPredicate<JavaClass> DRIVERS_WITH_LEASES =
      resideInAnyPackage(
          "dev.skep.port.(coordinator|registry).etcd",
          "dev.skep.port.(coordinator|registry).zookeeper",
          ETCD,
          ZOOKEEPER,
          LEASED);

  private static final DescribedPredicate<JavaClass> DRIVERS_ON_ETCD =
      resideInAnyPackage("dev.skep.port.*.etcd", ETCD);

  private static final DescribedPredicate<JavaClass> DRIVERS_ON_ZOOKEEPER =
      resideInAnyPackage("dev.skep.port.*.zookeeper", ZOOKEEPER);

  private static final Set<String> BUILDING_BLOCKS =
      Set.of("tree", "content", "outbox", "encryption", "duty");

  /** Lines of DESIGN section 7: a lower one (later here) never imports an upper one. */
  private static final List<List<String>> LINES =
      List.of(
          List.of("share", "search", "activity", "audit", "job", "webhook", "cluster"),
          List.of("workspace", "upload", "files"),
          List.of("permission"),
          List.of("identity", "settings"),
          List.of("content", "tree"),
          List.of("outbox", "encryption", "duty"));

  @Test
  void commonNeedsTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage("dev.skep.common..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.skep.common..", "java..", "com.sun.nio.file..", "org.jspecify.."))
        .because("everything stands on it, so it must carry nothing along")
        .check(SKEP);
  }

  @Test
  void aContractNeedsNothingButCommonAndTheJdk() {
    classes()
        .that()
        .resideInAnyPackage("dev.skep.port", "dev.skep.port.*")
        .and()
        .resideOutsideOfPackages(ETCD, ZOOKEEPER, LEASED)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.skep.port",
                "dev.skep.port.*",
                "dev.skep.common..",
                "java..",
                "org.jspecify.."))
        .because("a contract that shows a vendor or a driver is not one")
        .check(SKEP);
  }

  @Test
  void aContractDoesNotNeedAnother() {
    slices()
        .matching("dev.skep.port.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(DRIVERS_ON_ETCD, resideInAPackage(ETCD))
        .ignoreDependency(DRIVERS_ON_ZOOKEEPER, resideInAPackage(ZOOKEEPER))
        .ignoreDependency(DRIVERS_WITH_LEASES, resideInAPackage(LEASED))
        .ignoreDependency(
            resideInAPackage(LEASED),
            resideInAnyPackage("dev.skep.port.coordinator", "dev.skep.port.registry"))
        .because(
            "a driver sees its own port and nothing of others, else one cannot be swapped alone")
        .check(SKEP);
  }

  @Test
  void aDriverDoesNotSeeAnother() {
    slices()
        .matching("dev.skep.port.(*).(*)..")
        .should()
        .notDependOnEachOther()
        .because("drivers are chosen one by one; shared code goes to the port or to common")
        .check(SKEP);
  }

  @Test
  void theConnectionToEtcdIsForDriversOnEtcd() {
    noClasses()
        .that(DescribedPredicate.not(DRIVERS_ON_ETCD))
        .should()
        .dependOnClassesThat(resideInAPackage(ETCD))
        .because("it is vendor plumbing that happens to serve three drivers")
        .check(SKEP);
  }

  @Test
  void theConnectionToZooKeeperIsForDriversOnZooKeeper() {
    noClasses()
        .that(DescribedPredicate.not(DRIVERS_ON_ZOOKEEPER))
        .should()
        .dependOnClassesThat(resideInAPackage(ZOOKEEPER))
        .because("it is vendor plumbing that happens to serve two drivers")
        .check(SKEP);
  }

  @Test
  void whatLeasesHaveInCommonIsForTheirDrivers() {
    noClasses()
        .that(DescribedPredicate.not(DRIVERS_WITH_LEASES))
        .should()
        .dependOnClassesThat(resideInAPackage(LEASED))
        .because("a port promises leases; how a holder keeps one is its driver's affair")
        .check(SKEP);
  }

  @Test
  void aDriverSeesItsPortAndCommonOnly() {
    noClasses()
        .that()
        .resideInAnyPackage(DRIVERS)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.skep.domain..", "dev.skep.api..", "dev.skep.boot.."))
        .because("arrows go downwards: api, domain, port, common")
        .check(SKEP);
  }

  @Test
  void theDomainSeesContractsNeverDrivers() {
    noClasses()
        .that()
        .resideInAPackage("dev.skep.domain..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(DRIVERS))
        .because("nothing in the product knows which driver runs")
        .check(SKEP);
  }

  @Test
  void theDomainDoesNotSeeTheApi() {
    noClasses()
        .that()
        .resideInAPackage("dev.skep.domain..")
        .should()
        .dependOnClassesThat(resideInAPackage("dev.skep.api.."))
        .because("arrows go downwards: each protocol is one of many")
        .check(SKEP);
  }

  @Test
  void theApiDoesNotTouchPorts() {
    noClasses()
        .that()
        .resideInAPackage("dev.skep.api..")
        .should()
        .dependOnClassesThat(resideInAPackage("dev.skep.port.."))
        .because("a protocol decides nothing, so that none can bypass the domain")
        .check(SKEP);
  }

  @Test
  void theApiDoesNotTouchBuildingBlocks() {
    noClasses()
        .that()
        .resideInAPackage("dev.skep.api..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                BUILDING_BLOCKS.stream()
                    .map(block -> "dev.skep.domain." + block + "..")
                    .toArray(String[]::new)))
        .because("building blocks check no right")
        .check(SKEP);
  }

  @Test
  void nobodyNeedsBoot() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.skep.boot..")
        .should()
        .dependOnClassesThat(resideInAPackage("dev.skep.boot.."))
        .because("boot puts the parts together; a part that knew it could not be tested alone")
        .check(SKEP);
  }

  @Test
  void aLowerLineOfTheDomainDoesNotImportAnUpperOne() {
    for (int line = 1; line < LINES.size(); line++) {
      String[] upper =
          LINES.subList(0, line).stream()
              .flatMap(List::stream)
              .map(ArchitectureTest::feature)
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAnyPackage(
              LINES.get(line).stream().map(ArchitectureTest::feature).toArray(String[]::new))
          .should()
          .dependOnClassesThat(resideInAnyPackage(upper))
          .because("the lines of the domain are floors; DESIGN section 7 draws them")
          .check(SKEP);
    }
  }

  @Test
  void everyFeatureStandsOnALine() {
    Set<String> known =
        Set.copyOf(LINES.stream().flatMap(List::stream).map(f -> "dev.skep.domain." + f).toList());
    classes()
        .that()
        .resideInAPackage("dev.skep.domain.*")
        .should(
            satisfy(
                "be in a package that DESIGN section 7 names",
                c -> known.contains(c.getPackageName())))
        .because("a feature without a line escapes the rule above")
        .check(SKEP);
  }

  @Test
  void featuresHaveNoCycles() {
    slices().matching("dev.skep.domain.(*)..").should().beFreeOfCycles().check(SKEP);
    slices().matching("dev.skep.api.(*)..").should().beFreeOfCycles().check(SKEP);
  }

  @Test
  void sqliteAndFlywayStayInTheSqlDrivers() {
    staysIn("dev.skep.port.sql.*..", "org.sqlite..", "org.flywaydb..", "java.sql..", "javax.sql..");
  }

  @Test
  void caffeineStaysInTheCacheDriver() {
    staysIn("dev.skep.port.cache.embedded..", "com.github.benmanes.caffeine..");
  }

  @Test
  void bouncyCastleStaysWherePasswordsAreHashed() {
    staysIn("dev.skep.domain.identity..", "org.bouncycastle..");
  }

  @Test
  void clientsOfServersStayInTheirDrivers() {
    staysIn(
        List.of("dev.skep.port.*.etcd..", ETCD),
        "io.etcd..",
        "io.grpc..",
        "com.google.protobuf..",
        "io.netty.handler.ssl..");
    staysIn(
        List.of("dev.skep.port.*.zookeeper..", ZOOKEEPER),
        "org.apache.zookeeper..",
        "org.apache.curator..");
    staysIn("dev.skep.port.secrets.vault..", "io.quarkus.vault..");
    staysIn("dev.skep.port.sql.mysql..", "io.vertx.mysqlclient..", "io.vertx.sqlclient..");
    staysIn("dev.skep.port.documents.mongodb..", "com.mongodb..", "org.bson..");
    staysIn("dev.skep.port.cache.redis..", "io.quarkus.redis..", "io.vertx.redis..");
    staysIn("dev.skep.port.*.(nats|jetstream)..", "io.nats..");
    staysIn("dev.skep.port.*.kafka..", "org.apache.kafka..");
    staysIn("dev.skep.port.objects.s3..", "software.amazon..");
  }

  @Test
  void noReactiveTypeLeavesADriver() {
    staysIn("dev.skep.port.*.*..", "io.smallrye.mutiny..", "org.reactivestreams..");
  }

  /** One exception: the health routes, which must answer whatever the API does (ADR 3). */
  @Test
  void httpTypesAreInTheApiOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.skep.api..")
        .and()
        .doNotHaveFullyQualifiedName("dev.skep.boot.HealthRoutes")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "jakarta.ws.rs..",
                "io.vertx.core.http..",
                "io.vertx.ext.web..",
                "org.jboss.resteasy..",
                "java.net.http.."))
        .because("the domain serves four protocols and may know none of them")
        .check(SKEP);
  }

  /**
   * Exceptions: what produces a Caller (log-in, authentication, the first administrator), what the
   * features lend each other inside a transaction, which takes the {@code Tx} first, the settings
   * in force, what boot does for a replica as a whole, and {@code Access}, whose {@code Located}
   * holds the caller's rights.
   */
  @Test
  void theCallerComesFirst() {
    methods()
        .that()
        .arePublic()
        .and()
        .areNotStatic()
        .and()
        .areDeclaredInClassesThat(areServicesOfTheDomain())
        .should(takeTheCallerFirst())
        .because("each checks the right itself, so that no protocol can bypass it")
        .check(SKEP);
  }

  @Test
  void onlyDutiesActForTheSystem() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.skep.domain.duty..", "dev.skep.domain")
        .should()
        .callMethod(Caller.class, "system", String.class)
        .because("a caller without limits must have one home")
        .check(SKEP);
  }

  @Test
  void timeAndIdsAreHandedIn() {
    noClasses()
        .that()
        .resideInAPackage("dev.skep.domain..")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .because("a test decides what time it is")
        .check(SKEP);
    noClasses()
        .that()
        .resideInAPackage("dev.skep.domain..")
        .and()
        .resideOutsideOfPackage("dev.skep.domain.content..") // keys of blobs are random (P6)
        .should()
        .callMethod(UUID.class, "randomUUID")
        .because("ids are ordered by time: Ids makes them")
        .check(SKEP);
  }

  @Test
  void injectionIsByConstructor() {
    noFields()
        .should()
        .beAnnotatedWith(Inject.class)
        .because("an object is whole once made")
        .check(SKEP);
    noMethods()
        .should()
        .beAnnotatedWith(Inject.class)
        .because("an object is whole once made")
        .check(SKEP);
  }

  @Test
  void thereIsNoStaticMutableState() {
    fields()
        .that()
        .areStatic()
        .should()
        .beFinal()
        .because("in a native image it would be state of the builder's machine")
        .check(SKEP);
  }

  @Test
  void driversObserveNothing() {
    methods()
        .that()
        .areDeclaredInClassesThat(resideInAnyPackage(DRIVERS))
        .should(
            satisfyMethod(
                "have no observed parameter",
                method ->
                    method.getParameters().stream()
                        .noneMatch(
                            p ->
                                p.isAnnotatedWith(Observes.class)
                                    || p.isAnnotatedWith(ObservesAsync.class))))
        .because("an observer works although its driver was not chosen")
        .check(SKEP);
  }

  @Test
  void aDriverIsNamedAfterItsPackageAndItsPort() {
    classes()
        .that()
        .implement(Driver.class)
        .should(
            satisfy(
                "carry its package's name as @Identifier",
                c ->
                    c.isAnnotatedWith(Identifier.class)
                        && c.isAnnotatedWith(Singleton.class)
                        && c.getPackageName()
                            .endsWith("." + c.getAnnotationOfType(Identifier.class).value())))
        .because("one word names the package, the bean and the configuration value")
        .check(SKEP);
  }

  @Test
  void configurationMappingsEndInConfig() {
    classes()
        .that()
        .areAnnotatedWith(ConfigMapping.class)
        .should()
        .haveSimpleNameEndingWith("Config")
        .check(SKEP);
  }

  @Test
  void restClassesEndInResource() {
    classes()
        .that()
        .areAnnotatedWith(Path.class)
        .should()
        .haveSimpleNameEndingWith("Resource")
        .check(SKEP);
  }

  @Test
  void namesSayWhatAThingIs() {
    classes()
        .should(
            satisfy(
                "not end in Impl, Manager, Helper or Util",
                c -> !c.getSimpleName().matches(".*(Impl|Manager|Helper|Utils?)")))
        .because("such a name fits everything and tells nothing")
        .check(SKEP);
  }

  @Test
  void everyPackageSaysInOneSentenceWhatItIsForAndIsNullMarked() throws IOException {
    Pattern oneSentence =
        Pattern.compile("/\\*\\*.+?\\*/\\s*@NullMarked\\s+package ", Pattern.DOTALL);
    List<String> wrong = new ArrayList<>();
    java.nio.file.Path sources = java.nio.file.Path.of("src/main/java");
    try (Stream<java.nio.file.Path> files = Files.walk(sources)) {
      for (java.nio.file.Path folder :
          files
              .filter(f -> f.toString().endsWith(".java"))
              .map(f -> f.getParent())
              .distinct()
              .toList()) {
        java.nio.file.Path info = folder.resolve("package-info.java");
        if (!Files.exists(info) || !oneSentence.matcher(Files.readString(info)).find()) {
          wrong.add(sources.relativize(folder).toString());
        }
      }
    }
    assertThat(wrong)
        .as("packages without a sentence and @NullMarked in package-info.java")
        .isEmpty();
  }

  private static String feature(String name) {
    return "dev.skep.domain." + name + "..";
  }

  private static void staysIn(String home, String... packages) {
    staysIn(List.of(alternatives(home)), packages);
  }

  private static void staysIn(List<String> home, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackages(home.toArray(String[]::new))
        .should()
        .dependOnClassesThat(resideInAnyPackage(packages))
        .because("each vendor's types stay in their folder: " + home)
        .check(SKEP);
  }

  private static String[] alternatives(String home) {
    return home.contains("(nats|jetstream)")
        ? new String[] {
          home.replace("(nats|jetstream)", "nats"), home.replace("(nats|jetstream)", "jetstream")
        }
        : new String[] {home};
  }

  private static DescribedPredicate<JavaClass> areServicesOfTheDomain() {
    return DescribedPredicate.describe(
        "public beans of the domain's features",
        c ->
            c.getPackageName().startsWith("dev.skep.domain.")
                && BUILDING_BLOCKS.stream()
                    .noneMatch(
                        b -> (c.getPackageName() + ".").startsWith("dev.skep.domain." + b + "."))
                && c.getModifiers().contains(JavaModifier.PUBLIC)
                && (c.isAnnotatedWith(Singleton.class)
                    || c.isAnnotatedWith(ApplicationScoped.class)));
  }

  private static ArchCondition<JavaMethod> takeTheCallerFirst() {
    Set<String> exceptions =
        Set.of(
            "dev.skep.domain.identity.LogIn",
            "dev.skep.domain.identity.Authentication",
            "dev.skep.domain.identity.Bootstrap",
            "dev.skep.domain.permission.Access",
            "dev.skep.domain.settings.CurrentSettings",
            "dev.skep.domain.cluster.Heartbeats",
            "dev.skep.domain.cluster.Members");
    return satisfyMethod(
        "take the Caller, or inside the domain the Tx, first",
        method -> {
          if (exceptions.contains(method.getOwner().getFullName())) {
            return true;
          }
          List<String> types =
              method.getRawParameterTypes().stream().map(JavaClass::getFullName).toList();
          return !types.isEmpty()
              && (types.getFirst().equals(Caller.class.getName())
                  || types.getFirst().equals("dev.skep.port.sql.Tx"));
        });
  }

  private static ArchCondition<JavaClass> satisfy(
      String text, java.util.function.Predicate<JavaClass> rule) {
    return new ArchCondition<>(text) {
      @Override
      public void check(JavaClass c, ConditionEvents events) {
        events.add(
            new SimpleConditionEvent(c, rule.test(c), c.getFullName() + " does not " + text));
      }
    };
  }

  private static ArchCondition<JavaMethod> satisfyMethod(
      String text, java.util.function.Predicate<JavaMethod> rule) {
    return new ArchCondition<>(text) {
      @Override
      public void check(JavaMethod m, ConditionEvents events) {
        events.add(
            new SimpleConditionEvent(m, rule.test(m), m.getFullName() + " does not " + text));
      }
    };
  }
}
