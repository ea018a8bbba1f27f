package dev.skep.domain.permission;

import dev.skep.domain.outbox.Change;
import java.util.List;
import java.util.UUID;

/**
 * What the outbox tells of an entry: its state after the change, or before it was removed.
 *
 * @param byAdministration an administrator added it for himself, beyond his rights on the node
 */
record EntryState(
    UUID nodeId,
    String subject,
    UUID subjectId,
    List<String> rights,
    long revision,
    boolean byAdministration) {

  static Change change(String type, Entries.Entry entry, boolean byAdministration) {
    EntryState state =
        new EntryState(
            entry.nodeId(),
            SubjectName.of(entry),
            entry.subject().id(),
            entry.rights().words(),
            entry.revision(),
            byAdministration);
    return new Change(type, entry.nodeId().toString(), state);
  }
}
