package dev.skep.domain.identity;

import dev.skep.domain.tree.Workspace;
import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;

/** No limit, until something in this build says otherwise. */
@DefaultBean
@Singleton
class NoDefaultQuota implements DefaultQuota {

  @Override
  public long bytes() {
    return Workspace.NO_QUOTA;
  }
}
