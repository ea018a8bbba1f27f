package dev.skep.domain.identity;

import org.jspecify.annotations.Nullable;

/**
 * A user to be made; what is absent gets its default.
 *
 * @param displayName his name
 * @param type a person
 * @param quota the installation's default
 * @param password absent: he cannot log in until an administrator sets one; a service has none
 */
public record NewUser(
    String name,
    @Nullable String displayName,
    @Nullable String email,
    @Nullable AccountType type,
    @Nullable Boolean admin,
    @Nullable Boolean disabled,
    @Nullable Long quota,
    @Nullable String password) {

  /** Never the password. */
  @Override
  public String toString() {
    return "NewUser[" + name + "]";
  }
}
