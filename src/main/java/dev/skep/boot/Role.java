package dev.skep.boot;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a replica may be for; {@code skep.roles} chooses. */
enum Role {
  /** Answers requests. */
  WEB,
  /** Holds duties. */
  WORKER;

  static final String KEY = "skep.roles";

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Role> of(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Role::word).toList();
  }

  /** The words of a value of {@code skep.roles}, as they were written. */
  static List<String> split(String value) {
    return Arrays.stream(value.split(",")).map(String::strip).filter(it -> !it.isEmpty()).toList();
  }
}
