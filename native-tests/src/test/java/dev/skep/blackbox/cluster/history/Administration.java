package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.history.Operation.Make;
import dev.skep.blackbox.cluster.history.Operation.Use;
import dev.skep.blackbox.cluster.history.Operation.Write;
import java.util.Map;

/**
 * What administrators do meanwhile: settings, users, and a look at the small workspace. Only one
 * writes the setting. For one thread.
 */
final class Administration {

  static final String SETTING = "quota.default-home";
  static final String REGISTER = "setting " + SETTING;
  private static final long FIRST = 1_000_000_000;

  private final Asker admin;
  private final int client;
  private long values = FIRST;
  private long revision = -1;
  private int users;

  Administration(Asker admin, int client) {
    this.admin = admin;
    this.client = client;
  }

  void set() {
    if (revision < 0) {
      Reply now = admin.send(Call.get("/settings/" + SETTING));
      if (now.isDone()) {
        revision = now.json().path("revision").asLong();
      }
      return;
    }
    long value = ++values;
    Call call = Call.of("PUT", "/settings/" + SETTING).ifMatch(revision);
    Reply reply = admin.send(call.json(Map.of("value", value)));
    // Its revision may have been read from the last known ones, while the server was away.
    if (!reply.is(200, 412, 0)) {
      admin.surprise(reply);
    }
    String text = Long.toString(value);
    admin.history().add(new Write(reply.span(), REGISTER, text, reply.outcome(), reply.isLate()));
    revision = reply.isDone() ? reply.json().path("revision").asLong() : -1;
  }

  void makeUser() {
    String name = "user%d-%d".formatted(client, ++users);
    Reply reply =
        admin.send(
            Call.post("/users", Map.of("name", name, "password", "correct horse battery staple")));
    if (!reply.is(201, 0)) {
      admin.surprise(reply);
    }
    admin.history().add(new Make(reply.span(), name, "", "", reply.outcome()));
  }

  void lookAtUse() {
    Reply reply = admin.send(Call.get("/workspaces/" + World.EDGE));
    if (reply.isDone()) {
      long used = reply.json().path("used").asLong();
      long quota = reply.json().path("quota").asLong();
      admin.history().add(new Use(reply.span(), World.EDGE, used, quota));
    } else if (!reply.is(0)) {
      admin.surprise(reply);
    }
  }
}
