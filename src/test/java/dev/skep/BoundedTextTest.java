package dev.skep;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.text.Normalizer;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No text from outside reaches work that may grow faster than its length, or that nothing bounds: a
 * class that normalises, uses a regular expression or a parser stands here with the reason why that
 * is so. Drivers and {@code boot} read what operators and servers write, and are left out.
 */
class BoundedTextTest {

  private static final String LAYERS = "dev\\.skep\\.(api|common|domain|port)(\\..*)?";

  private static final String DRIVERS = "dev\\.skep\\.port\\.(\\w+\\.\\w+.*|etcd|zookeeper|leased)";

  private static final Set<String> COSTLY_TYPES =
      Set.of(
          Normalizer.class.getName(),
          Pattern.class.getName(),
          Scanner.class.getName(),
          BigInteger.class.getName(),
          BigDecimal.class.getName(),
          OffsetDateTime.class.getName(),
          URI.class.getName());

  private static final Set<String> COSTLY_OF_STRING =
      Set.of("matches", "split", "replaceAll", "replaceFirst");

  private static final Set<String> COSTLY_METHODS =
      Set.of(
          "compile",
          "matcher",
          "matches",
          "split",
          "parse",
          "normalize",
          "<init>",
          "valueOf",
          "create");

  /** Each with what bounds it. "One" means a pattern of one way to match, so that it is linear. */
  private static final Map<String, String> CONSIDERED =
      Map.ofEntries(
          Map.entry("common.Nfc", "the one place that normalises; the length comes first"),
          Map.entry(
              "api.rest.AllowedMethods",
              "templates of ours, each met in one way; an address has 16 KiB"),
          Map.entry("api.rest.RequestHead", "a host is read once; a head has 32 KiB"),
          Map.entry("api.rest.ByteRange", "splits at one character, then reads 18 digits at most"),
          Map.entry("api.rest.Digests", "one way to match; a head has 32 KiB"),
          Map.entry("api.rest.Fields", "64 characters, looked at first"),
          Map.entry("api.rest.NodeId", "a pattern of 36 characters"),
          Map.entry("api.rest.RawPath", "splits at one character; an address has 16 KiB"),
          Map.entry("api.rest.RawPathGuard", "splits at one character; an address has 16 KiB"),
          Map.entry("api.security.ForwardedFor", "splits at one character; a head has 32 KiB"),
          Map.entry("api.security.RequestIds", "a pattern of 64 characters"),
          Map.entry("domain.cluster.HeldShards", "reads what replicas wrote"),
          Map.entry("domain.duty.Duties", "reads hints of replicas, which are bounded"),
          Map.entry("domain.identity.Argon2", "reads what it wrote itself"),
          Map.entry("domain.identity.Check", "a pattern of 64 characters; others after the length"),
          Map.entry("domain.permission.TokenScopes", "4,096 bytes, looked at first"),
          Map.entry("domain.settings.Setting", "a pattern of 17 characters"),
          Map.entry("domain.workspace.NewWorkspace", "a pattern of 63 characters"),
          Map.entry("port.Redacted", "reads what the operator has written, at the start"),
          Map.entry("port.OldestVersion", "reads what servers say of themselves"),
          Map.entry("port.config.ConfigKey", "the length comes first"),
          Map.entry("port.coordinator.CoordinatorLimits", "names of ours, in a bounded pattern"),
          Map.entry("port.objects.BlobKey", "the length comes first"),
          Map.entry("port.pubsub.Subject", "the length comes first"),
          Map.entry("port.registry.Replica", "ids of ours, in a bounded pattern"));

  @Test
  void whoNormalisesOrParsesHasConsideredTheLength() {
    Map<String, Set<String>> users = new TreeMap<>();
    Stream<JavaClass> classes =
        ArchitectureTest.SKEP.stream()
            .filter(type -> type.getPackageName().matches(LAYERS))
            .filter(type -> !type.getPackageName().matches(DRIVERS));
    classes.forEach(
        type -> {
          Set<String> costly =
              type.getAccessesFromSelf().stream()
                  .filter(BoundedTextTest::isCostly)
                  .map(access -> access.getTarget().getFullName())
                  .collect(toCollection(TreeSet::new));
          if (!costly.isEmpty()) {
            users.computeIfAbsent(name(type), name -> new TreeSet<>()).addAll(costly);
          }
        });

    Set<String> gone = new TreeSet<>(CONSIDERED.keySet());
    gone.removeAll(users.keySet());
    assertThat(gone).as("classes that need not stand here any more").isEmpty();
    users.keySet().removeAll(CONSIDERED.keySet());
    assertThat(users).as("bound the length first, then name the class here").isEmpty();
  }

  private static boolean isCostly(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String method = access.getTarget().getName();
    return (COSTLY_TYPES.contains(owner) && COSTLY_METHODS.contains(method))
        || (owner.equals(String.class.getName()) && COSTLY_OF_STRING.contains(method));
  }

  /** Of the outermost class, without {@code dev.skep}. */
  private static String name(JavaClass type) {
    String name = type.getName().substring("dev.skep.".length());
    return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
  }
}
