package dev.skep.blackbox.rights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many at once change one workspace whose quota is nearly used up (P3, P5). */
@BlackBox
@Tag("P3")
@Tag("P5")
final class TreeRaceTest {

  private static final Duration RACE = Duration.ofSeconds(20);
  private static final int CREATORS = 100;

  private final People people;
  private final Client admin;

  TreeRaceTest(Skep skep) {
    this.people = new People(skep);
    this.admin = skep.admin();
  }

  @Test
  void theTreeStaysWholeAndWithinItsQuota() throws Exception {
    new TreeRace(List.of(admin), people.workspace("race")).run(RACE);
  }

  @Test
  void ofAHundredRacingCreatesOfOneNameExactlyOneIsAnswered201() throws Exception {
    String slug = people.workspace("once");
    String children = "/nodes/" + people.root(slug) + "/children";
    List<Answer> folders =
        Together.call(CREATORS, thread -> () -> admin.post(children, "{'name':'folder'}"));
    List<Answer> files =
        Together.call(
            CREATORS,
            thread ->
                () ->
                    admin
                        .request("PUT", "/files/" + slug + "/file")
                        .header("If-None-Match", "*")
                        .bytes(new byte[] {(byte) thread})
                        .send());

    assertThat(folders).filteredOn(answer -> answer.status() == 201).hasSize(1);
    assertThat(files).filteredOn(answer -> answer.status() == 201).hasSize(1);
    assertThat(folders).extracting(Answer::status).containsOnly(201, 409);
    assertThat(files).extracting(Answer::status).containsOnly(201, 412);
    assertThat(admin.get(children).items("name")).containsExactly("file", "folder");
  }
}
