package dev.skep.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.tree.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallerTest {

  private static final UUID ANNA = UUID.randomUUID();

  private static Workspace workspace(UUID ownerId) {
    UUID id = UUID.randomUUID();
    return new Workspace(id, "slug", "Name", ownerId, id, id, 0, 0, -1, 0, 1, Instant.EPOCH);
  }

  private static Caller user(UUID id) {
    return new Caller(id, "anna", true, Ids.ZERO, List.of(), "test", null);
  }

  @Test
  void aSharedWorkspaceIsNobodysHome() {
    Caller duty = Caller.system("sweep");
    Caller link = new Caller(new Principal.Link(Ids.ZERO, "x"), Ids.ZERO, List.of(), "test", null);
    for (Caller caller : List.of(duty, link, user(Ids.ZERO), user(ANNA))) {
      assertThat(workspace(Ids.ZERO).slugFor(caller)).isEqualTo("slug");
    }
    assertThat(workspace(ANNA).slugFor(user(ANNA))).isEqualTo("home");
    assertThat(workspace(ANNA).slugFor(user(UUID.randomUUID()))).isEqualTo("slug");
  }

  @Test
  void onlyADutyIsTheSystemAndOnlyAUserAdministers() {
    Caller link = new Caller(new Principal.Link(ANNA, "x"), Ids.ZERO, List.of(), "test", null);
    assertThat(Caller.system("sweep").isSystem()).isTrue();
    assertThat(user(Ids.ZERO).isSystem()).isFalse();
    assertThat(link.isSystem()).isFalse();
    assertThat(link.isUser(ANNA)).isFalse();
    assertThatThrownBy(link::requireAdmin).isInstanceOf(SkepException.class);
    assertThatThrownBy(() -> Caller.system("sweep").requireAdmin())
        .isInstanceOf(SkepException.class);
  }
}
