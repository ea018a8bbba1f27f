package dev.skep.boot;

import dev.skep.common.Between;
import dev.skep.port.Redacted;
import io.smallrye.common.expression.Expression;
import io.smallrye.common.expression.ResolveContext;
import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Finds everything that is wrong with a configuration before anything is started: unknown keys,
 * unknown or missing drivers, missing settings of the chosen ones, values of the wrong type.
 */
final class ConfigurationCheck {

  private static final String PREFIX = "skep.";
  private static final String METRICS_TOKEN = "skep.metrics.token";
  private static final int SHORTEST_TOKEN = 16;

  /** What is longer overflows where it is counted in nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final Pattern VARIABLE = Pattern.compile("SKEP_[A-Z0-9_]+");

  /** Kubernetes sets these for a service named skep, and our own tests set the last. */
  private static final Pattern NOT_OURS =
      Pattern.compile("SKEP_(.+_)?(SERVICE_HOST|SERVICE_PORT.*|PORT|PORT_.*)|SKEP_(TEST|JAVA)_.*");

  private final Catalogue catalogue;
  private final List<Setting> settings;

  ConfigurationCheck(Catalogue catalogue) {
    this.catalogue = catalogue;
    this.settings = catalogue.mappings().stream().flatMap(m -> Setting.of(m).stream()).toList();
  }

  /** The choice of drivers, complete only if there is no problem. */
  record Result(Choice choice, List<String> problems) {}

  Result check(SmallRyeConfig config) {
    List<String> problems = new ArrayList<>(unknownKeys(config));
    Choice choice = choose(config, problems);
    problems.addAll(roles(config, choice));
    problems.addAll(trustedProxies(config));
    text(config, METRICS_TOKEN)
        .filter(token -> token.length() < SHORTEST_TOKEN)
        .ifPresent(
            token ->
                problems.add(
                    METRICS_TOKEN
                        + ": shorter than "
                        + SHORTEST_TOKEN
                        + " characters. Whoever guesses it reads the metrics."));
    if (text(config, AdminPassword.KEY).isPresent()
        && text(config, AdminPassword.FILE).isPresent()) {
      problems.add(
          AdminPassword.FILE + ": set beside " + AdminPassword.KEY + ". Leave one of them out.");
    }
    for (Setting setting : settings) {
      check(setting, config, choice).ifPresent(problems::add);
      brokenSecret(setting, config).ifPresent(problems::add);
    }
    problems.addAll(ListeningCheck.problems(config));
    return new Result(choice, List.copyOf(problems));
  }

  private List<String> unknownKeys(SmallRyeConfig config) {
    SortedSet<String> unknown = new TreeSet<>();
    List<String> keys = settings.stream().map(Setting::key).toList();
    List<String> variables = settings.stream().map(Setting::variable).toList();
    for (ConfigSource source : config.getConfigSources()) {
      for (String name : source.getPropertyNames()) {
        String key = withoutProfile(name);
        if (key.startsWith(PREFIX) && !keys.contains(key) && !isVariableOf(source, key)) {
          unknown.add(unknown(key, keys));
        } else if (isUnknownVariable(name, variables)) {
          unknown.add(unknown(name, variables));
        }
      }
    }
    return List.copyOf(unknown);
  }

  private static String unknown(String name, List<String> known) {
    return name + ": no such key." + didYouMean(name, known);
  }

  private static String withoutProfile(String name) {
    return name.startsWith("%") ? name.substring(name.indexOf('.') + 1) : name;
  }

  /** The environment also lists its variables as keys; they are judged as variables. */
  private static boolean isVariableOf(ConfigSource source, String key) {
    return source.getPropertyNames().contains(Setting.variable(key));
  }

  private static boolean isUnknownVariable(String name, List<String> known) {
    return VARIABLE.matcher(name).matches()
        && !known.contains(name)
        && !NOT_OURS.matcher(name).matches();
  }

  private Choice choose(SmallRyeConfig config, List<String> problems) {
    Optional<DriverSet> set = set(config, problems);
    Map<Port, String> chosen = new EnumMap<>(Port.class);
    for (Port port : Port.values()) {
      Optional<String> name = text(config, port.driverKey());
      if (name.isPresent()) {
        List<String> available = catalogue.names(port);
        if (available.contains(name.get())) {
          chosen.put(port, name.get());
        } else {
          problems.add(noSuch(port.driverKey(), name.get(), "driver", available));
        }
      } else if (set.isPresent()) {
        catalogue
            .name(port, set.get())
            .ifPresentOrElse(
                found -> chosen.put(port, found), () -> problems.add(none(port, set.get())));
      }
    }
    return new Choice(chosen);
  }

  private static Optional<DriverSet> set(SmallRyeConfig config, List<String> problems) {
    Optional<String> word = text(config, DriverSet.KEY);
    if (word.isEmpty()) {
      return Optional.of(DriverSet.CLUSTERED);
    }
    Optional<DriverSet> set = DriverSet.of(word.get());
    if (set.isEmpty()) {
      problems.add(noSuch(DriverSet.KEY, word.get(), "set of drivers", DriverSet.words()));
    }
    return set;
  }

  private static List<String> roles(SmallRyeConfig config, Choice choice) {
    Optional<String> value = Optional.ofNullable(config.getConfigValue(Role.KEY).getValue());
    if (value.isEmpty()) {
      return List.of();
    }
    List<String> words = Role.split(value.get());
    if (words.isEmpty()) {
      return List.of(
          "%s: names no role. Available: %s.".formatted(Role.KEY, String.join(", ", Role.words())));
    }
    List<String> unknown = words.stream().filter(word -> Role.of(word).isEmpty()).toList();
    if (!unknown.isEmpty()) {
      return unknown.stream().map(word -> noSuch(Role.KEY, word, "role", Role.words())).toList();
    }
    List<String> missing = Role.words().stream().filter(role -> !words.contains(role)).toList();
    List<String> embedded =
        choice.drivers().entrySet().stream()
            .filter(chosen -> chosen.getValue().equals(DriverSet.EMBEDDED.word()))
            .map(chosen -> chosen.getKey().driverKey())
            .toList();
    return missing.isEmpty() || embedded.isEmpty()
        ? List.of()
        : List.of(
            "%s=%s: a replica with an embedded driver (%s) can have no other beside it, so nobody would be %s. Leave %s out, or choose shared drivers."
                .formatted(
                    Role.KEY,
                    value.get(),
                    String.join(", ", embedded),
                    String.join(" or ", missing),
                    Role.KEY));
  }

  private static List<String> trustedProxies(SmallRyeConfig config) {
    return TrustedProxies.wrong(text(config, TrustedProxies.KEY).orElse("")).stream()
        .map(
            word ->
                "%s=%s: not an address or network, such as 127.0.0.1 or 10.0.0.0/8."
                    .formatted(TrustedProxies.KEY, word))
        .toList();
  }

  private static String noSuch(String key, String value, String what, List<String> available) {
    return "%s=%s: no such %s. Available: %s.%s"
        .formatted(
            key,
            Redacted.address(value),
            what,
            String.join(", ", available),
            didYouMean(value, available));
  }

  private String none(Port port, DriverSet set) {
    return "%s: no %s driver is available yet. Available: %s."
        .formatted(port.driverKey(), set.word(), String.join(", ", catalogue.names(port)));
  }

  private Optional<String> check(Setting setting, SmallRyeConfig config, Choice choice) {
    if (belongsToAnotherDriver(setting, choice)) {
      return Optional.empty();
    }
    if (config.getConfigValue(setting.key()).hasProblems()) {
      // Without its value, which may be a secret that holds a dollar sign.
      return Optional.of("%s: refers to a key that is not set.".formatted(setting.key()));
    }
    try {
      Optional<?> value = config.getOptionalValue(setting.key(), setting.type());
      if (value.isEmpty() && isWrittenEmpty(setting, config)) {
        return Optional.of(
            "%s: is empty. Give it a value, or leave it out.".formatted(setting.key()));
      }
      if (value.isEmpty()) {
        return setting.required() && !isGivenByDefault(setting, config)
            ? Optional.of(missing(setting))
            : Optional.empty();
      }
      return outside(setting, value.get(), config);
    } catch (IllegalArgumentException e) {
      return Optional.of(
          "%s=%s: not %s."
              .formatted(setting.key(), written(setting, config), kind(setting.type())));
    }
  }

  /** What nobody types, such as the CR of a file with Windows' line ends, counts as a mistake. */
  private static Optional<String> brokenSecret(Setting setting, SmallRyeConfig config) {
    return VerbatimSecrets.isSecret(setting.key())
        ? text(config, setting.key())
            .filter(secret -> secret.chars().anyMatch(Character::isISOControl))
            .map(
                secret ->
                    setting.key()
                        + ": holds a line end or another control character. Is it from a file with Windows' line ends?")
        : Optional.empty();
  }

  private static String written(Setting setting, SmallRyeConfig config) {
    return Redacted.address(String.valueOf(config.getConfigValue(setting.key()).getRawValue()));
  }

  /** One that may be absent is absent then; for another one this is no value. */
  private static boolean isWrittenEmpty(Setting setting, SmallRyeConfig config) {
    return !setting.optional() && config.getConfigValue(setting.key()).getValue() != null;
  }

  /**
   * A default may be what another key is set to; the configuration itself knows no defaults yet.
   */
  private static boolean isGivenByDefault(Setting setting, SmallRyeConfig config) {
    String byDefault = setting.byDefault();
    return byDefault != null
        && !Expression.compile(byDefault)
            .evaluate((expression, expanded) -> append(config, expression, expanded))
            .isBlank();
  }

  private static void append(
      SmallRyeConfig config, ResolveContext<RuntimeException> expression, StringBuilder expanded) {
    String value = config.getConfigValue(expression.getKey()).getValue();
    if (value == null) {
      expression.expandDefault();
    } else {
      expanded.append(value);
    }
  }

  private static Optional<String> outside(Setting setting, Object value, SmallRyeConfig config) {
    if (value instanceof Duration duration) {
      return duration.isNegative() || duration.compareTo(LONGEST) > 0
          ? Optional.of(
              "%s=%s: not between 0s and %dd."
                  .formatted(setting.key(), written(setting, config), LONGEST.toDays()))
          : Optional.empty();
    }
    Between bounds = setting.bounds();
    if (bounds == null || !(value instanceof Number number)) {
      return Optional.empty();
    }
    long found = number.longValue();
    return found >= bounds.min() && found <= bounds.max()
        ? Optional.empty()
        : Optional.of(
            "%s=%d: not between %d and %d."
                .formatted(setting.key(), found, bounds.min(), bounds.max()));
  }

  private static String missing(Setting setting) {
    return "%s: missing. Set it, or the environment variable %s."
        .formatted(setting.key(), setting.variable());
  }

  /** The settings of a driver that was not chosen are never read. */
  private boolean belongsToAnotherDriver(Setting setting, Choice choice) {
    return catalogue.entries().stream()
        .filter(e -> setting.key().startsWith(PREFIX + e.port().word() + "." + e.name() + "."))
        .anyMatch(e -> !e.name().equals(choice.drivers().get(e.port())));
  }

  private static String kind(Class<?> type) {
    if (Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == Duration.class) {
      return "a duration, such as 10s or 5m";
    }
    if (type == Path.class) {
      return "a path that can be named here; letters beyond ASCII need a locale such as LC_ALL=C.UTF-8";
    }
    if (type.isEnum()) {
      return "one of "
          + String.join(
              ", ",
              java.util.Arrays.stream(type.getEnumConstants())
                  .map(constant -> constant.toString().toLowerCase(java.util.Locale.ROOT))
                  .toList());
    }
    return "a " + type.getSimpleName();
  }

  private static String didYouMean(String word, List<String> known) {
    return Nearest.to(word, known).map(nearest -> " Did you mean " + nearest + "?").orElse("");
  }

  /** Absent also where an expression leads nowhere, which is reported with the other settings. */
  private static Optional<String> text(SmallRyeConfig config, String key) {
    return Optional.ofNullable(config.getConfigValue(key).getValue()).filter(it -> !it.isBlank());
  }
}
