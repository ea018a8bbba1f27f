package dev.skep.domain.identity;

import org.jspecify.annotations.Nullable;

/** What is to change of a user; what is absent stays. */
public record UserChange(
    @Nullable String displayName,
    @Nullable String email,
    @Nullable Boolean admin,
    @Nullable Boolean disabled,
    @Nullable Long quota) {

  /** Whether only an administrator may do it. */
  boolean administers() {
    return admin != null || disabled != null || quota != null;
  }

  Account apply(Account before) {
    return new Account(
        before.id(),
        before.name(),
        displayName == null ? before.displayName() : displayName,
        email == null ? before.email() : email,
        before.type(),
        admin == null ? before.admin() : admin,
        disabled == null ? before.disabled() : disabled,
        before.homeId(),
        before.revision(),
        before.createdAt());
  }
}
