package dev.skep.domain.outbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a transaction changed, with its state afterwards.
 *
 * @param type what happened, as a CloudEvents type ends: {@code node.created}
 * @param subject the id of what it happened to
 * @param state the state after the change, or before it where nothing is left; absent where a row
 *     would exceed its bound: whoever needs it reads it by the subject
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Change(String type, String subject, @Nullable Object state) {

  Change withoutState() {
    return new Change(type, subject, null);
  }
}
