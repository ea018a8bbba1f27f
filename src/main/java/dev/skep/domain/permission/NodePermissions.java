package dev.skep.domain.permission;

import java.util.List;

/**
 * Who may do what on a node.
 *
 * @param own the entries on the node itself
 * @param inherited of each subject without an own one the nearest entry above it
 * @param effective the caller's rights
 */
public record NodePermissions(
    List<PermissionEntry> own, List<PermissionEntry> inherited, List<String> effective) {}
