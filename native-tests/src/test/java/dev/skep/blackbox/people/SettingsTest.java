package dev.skep.blackbox.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.Skep;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /settings}: changed at run time, with a history and a way back. */
@BlackBox
final class SettingsTest {

  private static final String HOURS = "/settings/identity.session-hours";
  private static final String QUOTA = "/settings/quota.default-home";

  private final Client admin;

  SettingsTest(Skep skep) {
    admin = skep.admin();
  }

  @BeforeEach
  void theDefaults() {
    admin.delete(HOURS).is(204);
    admin.delete(QUOTA).is(204);
  }

  @Test
  void areListedByKeyAndPaged() {
    Answer all = admin.get("/settings").is(200);
    assertThat(all.items("key"))
        .contains("identity.session-hours", "quota.default-home", "upload.max-bytes")
        .isSorted();
    Answer first = admin.get("/settings?limit=1").is(200);
    Answer second = admin.get("/settings?limit=1&cursor=" + first.text("nextCursor")).is(200);
    assertThat(second.items("key")).isEqualTo(all.items("key").subList(1, 2));
  }

  @Test
  void aChangeIsToldWithWhoAndWhen() {
    Answer changed = admin.putJson(HOURS, "{'value':48}").is(200);
    assertThat(changed.fields())
        .contains("key", "value", "default", "description", "revision", "changedAt", "changedBy");
    assertThat(changed.json().path("value").asLong()).isEqualTo(48);
    assertThat(changed.json().path("default").asLong()).isEqualTo(24);
    assertThat(changed.text("changedBy")).isEqualTo("admin");
    assertThat(admin.get(HOURS).json()).isEqualTo(changed.json());
  }

  @Test
  void aChangeTakesEffectAtOnce() {
    admin.putJson(QUOTA, "{'value':12345}").is(200);
    String name = Names.fresh("limited");
    Answer made = admin.post("/users", "{'name':'" + name + "'}").is(201);
    assertThat(made.json().path("quota").asLong()).isEqualTo(12345);
  }

  @Test
  void historyAndRollBackLeadBack() {
    admin.putJson(HOURS, "{'value':2}").is(200);
    long revision = admin.get(HOURS).json().path("revision").asLong();
    admin.putJson(HOURS, "{'value':3}").is(200);
    Answer history = admin.get(HOURS + "/history").is(200);
    assertThat(history.items("after")).startsWith("3", "2");
    assertThat(history.items("changedBy")).contains("admin");
    assertThat(admin.get(HOURS + "/history?limit=1").is(200).items("after")).containsExactly("3");

    Answer back = admin.post(HOURS + "/rollback", "{'revision':" + revision + "}").is(200);

    assertThat(back.json().path("value").asLong()).isEqualTo(2);
    admin.post(HOURS + "/rollback", "{'revision':99999999}").isMalformed("/revision");
    admin.post(HOURS + "/rollback", "{}").isMalformed("/revision");
    assertThat(admin.get(HOURS).json().path("value").asLong()).isEqualTo(2);
  }

  @Test
  void ofTwoWritersWithOneEtagOneWins() {
    String etag = admin.get(HOURS).etag();
    admin.request("PUT", HOURS).ifMatch(etag).json("{'value':5}").send().is(200);
    admin
        .request("PUT", HOURS)
        .ifMatch(etag)
        .json("{'value':6}")
        .send()
        .isProblem(412, "precondition-failed");
    assertThat(admin.get(HOURS).json().path("value").asLong()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "8761", "-1", "1.5", "'24'", "null", "true", "[]", "99999999999999999999"})
  void aValueThatItMayNotHoldIsRefused(String value) {
    admin.putJson(HOURS, "{'value':" + value + "}").isMalformed("/value");
    assertThat(admin.get(HOURS).json().path("value").asLong()).isEqualTo(24);
  }

  @Test
  void whatIsNoSettingIsNotFound() {
    admin.get("/settings/no.such").isProblem(404, "not-found");
    admin.putJson("/settings/no.such", "{'value':1}").isProblem(404, "not-found");
  }
}
