package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.permission.Premises;
import dev.skep.domain.permission.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedWithMeTest {

  private static final Rights READ = Rights.of(Right.READ);

  private Premises premises;
  private SharedWithMe shared;
  private Caller anna;
  private Premises.Place berts;

  @BeforeEach
  void annaAndBert(@TempDir Path folder) {
    premises = new Premises(folder);
    shared = premises.get(SharedWithMe.class);
    anna = premises.user("anna");
    berts = premises.home(premises.user("bert"));
    Premises.Place own = premises.home(anna);
    premises.enter(own, premises.folder(own.rootId(), "own"), anna, READ);
  }

  @AfterEach
  void close() {
    premises.close();
  }

  private UUID folder(String name) {
    return premises.folder(berts.rootId(), name);
  }

  private List<String> names() {
    return shared.list(anna, PageRequest.of("shared", null, null)).items().stream()
        .map(NodeView::name)
        .toList();
  }

  @Test
  void itIsWhatAnEntryGivesTheUserAGroupOfTheirsOrEveryone() {
    folder("private");
    premises.enter(berts, folder("mine"), anna, READ);
    UUID inner = premises.group("inner", anna);
    UUID outer = premises.group("outer");
    premises.nest(outer, inner);
    premises.enter(berts, folder("of a group"), Subject.group(outer), READ);
    premises.enter(berts, folder("of everyone"), Subject.EVERYONE, READ);
    premises.enter(berts, folder("of others"), Subject.group(premises.group("others")), READ);
    assertThat(names()).containsExactly("mine", "of a group", "of everyone");
    assertThat(shared.list(anna, PageRequest.of("shared", null, null)).items().getFirst().path())
        .isEqualTo("mine");
  }

  @Test
  void itIsNothingThatIsGoneHiddenOrGivesNothing() {
    UUID trashed = folder("trashed");
    premises.enter(berts, trashed, anna, READ);
    premises.trash(berts, trashed);
    UUID hidden = folder("hidden");
    premises.enter(berts, hidden, Subject.EVERYONE, READ);
    premises.enter(berts, hidden, anna, Rights.NONE);
    UUID purged = folder("purged");
    premises.enter(berts, purged, anna, READ);
    premises.purge(berts, purged);
    premises.enter(berts, folder("seen"), anna, READ);
    assertThat(names()).containsExactly("seen");
    premises.disable(anna);
    assertThat(names()).isEmpty();
  }

  @Test
  void itIsReadPageByPage() {
    List<String> all = new ArrayList<>();
    for (int n = 0; n < 7; n++) {
      UUID each = folder("f" + n);
      premises.enter(berts, each, anna, n == 3 ? Rights.NONE : READ);
      premises.enter(berts, each, Subject.EVERYONE, READ);
      if (n != 3) {
        all.add("f" + n);
      }
    }
    List<String> seen = new ArrayList<>();
    String cursor = null;
    do {
      Page<NodeView> page = shared.list(anna, PageRequest.of("shared", 2, cursor));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
      page.items().forEach(node -> seen.add(node.name()));
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(seen).isEqualTo(all);
  }

  @Test
  void aScopedTokenSeesWhatItsScopesOpen() {
    UUID opened = folder("opened");
    premises.enter(berts, opened, anna, READ);
    premises.enter(berts, folder("closed"), anna, READ);
    Caller scoped =
        new Caller(
            anna.accountId(),
            anna.name(),
            false,
            anna.credentialId(),
            List.of(new Caller.Scope(opened, READ)),
            "test",
            null);
    assertThat(shared.list(scoped, PageRequest.of("shared", null, null)).items())
        .extracting(NodeView::name)
        .containsExactly("opened");
  }
}
