package dev.skep.domain.workspace;

import org.jspecify.annotations.Nullable;

/** What is to change of a workspace; what is absent stays. A quota of −1 is none. */
public record WorkspaceChange(@Nullable String name, @Nullable Long quota) {}
