package dev.skep.domain.permission;

import java.util.List;
import java.util.UUID;

/**
 * An entry as people see it.
 *
 * @param subject {@code user:anna}, {@code group:staff} or {@code everyone}
 * @param rights none: it ends inheritance for its subject
 * @param from the node that carries it
 */
public record PermissionEntry(String subject, List<String> rights, UUID from, long revision) {

  static PermissionEntry of(Entries.Entry entry) {
    return new PermissionEntry(
        SubjectName.of(entry), entry.rights().words(), entry.nodeId(), entry.revision());
  }
}
