package dev.skep.boot;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The roles of this replica. */
@Singleton
final class Roles {

  private final Set<Role> roles = EnumSet.noneOf(Role.class);

  @Inject
  Roles(SkepConfig config) {
    this(config.roles());
  }

  /**
   * @param value checked by {@link ConfigurationCheck}
   */
  Roles(String value) {
    Role.split(value).stream().map(Role::of).flatMap(Optional::stream).forEach(roles::add);
  }

  boolean has(Role role) {
    return roles.contains(role);
  }

  /** In the order in which the documentation names them. */
  List<String> words() {
    return roles.stream().map(Role::word).toList();
  }
}
