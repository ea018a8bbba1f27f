package dev.skep.domain.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.skep.common.SkepException;
import java.util.Locale;

/**
 * Who stands behind an account: a person, who has a password, or a program, which has tokens only.
 */
public enum AccountType {
  @JsonProperty("person")
  PERSON,
  @JsonProperty("service")
  SERVICE;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static AccountType of(String word) {
    return word.equals(SERVICE.word()) ? SERVICE : PERSON;
  }

  /** Reads the word of the API. */
  public static AccountType parse(String word, String pointer) {
    for (AccountType type : values()) {
      if (type.word().equals(word)) {
        return type;
      }
    }
    throw SkepException.field(pointer, "must be \"person\" or \"service\"");
  }
}
