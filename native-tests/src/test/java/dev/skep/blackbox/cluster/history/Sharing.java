package dev.skep.blackbox.cluster.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.cluster.history.Operation.Read;
import dev.skep.blackbox.cluster.history.Operation.Write;
import java.util.List;
import java.util.Map;

/**
 * A file in its owner's home, and the right of one guest to read it: a register that the owner
 * writes and the guest reads (P8).
 */
final class Sharing {

  private final String file;
  private final String guest;
  private final String register;
  private final History history;
  private long revision;
  private boolean given;

  /** A request of unknown fate may change the entry at any time. */
  private boolean doubted;

  private Sharing(String file, String guest, String register, History history) {
    this.file = file;
    this.guest = guest;
    this.register = register;
    this.history = history;
  }

  /** Not yet shared. */
  static Sharing of(Client owner, Client guest, History history) {
    String file = owner.put("/files/home/shared", "something to share").is(201).id();
    String register = "right of " + guest.user() + " to the file of " + owner.user();
    Sharing sharing = new Sharing(file, guest.user(), register, history);
    long began = System.nanoTime();
    sharing.revision =
        owner
            .putJson("/nodes/" + file + "/permissions/user:" + guest.user(), "{'rights':[]}")
            .is(201)
            .json()
            .path("revision")
            .asLong();
    Span span = new Span(-1, began, System.nanoTime());
    history.add(new Write(span, register, "none", Outcome.DONE, false));
    return sharing;
  }

  String register() {
    return register;
  }

  /** By the owner: gives the right, or takes it away; the entry stays, so that revisions grow. */
  void change(Asker owner) {
    if (revision < 0) {
      learn(owner);
      return;
    }
    boolean give = !given;
    Call call = Call.of("PUT", "/nodes/" + file + "/permissions/user:" + guest).ifMatch(revision);
    Reply reply = owner.send(call.json(Map.of("rights", give ? List.of("read") : List.of())));
    doubted |= reply.doubtful();
    if (!reply.is(200, 0) && !(reply.is(412) && doubted)) {
      owner.surprise(reply);
    }
    String value = give ? "read" : "none";
    history.add(new Write(reply.span(), register, value, reply.outcome(), reply.isLate()));
    if (reply.isDone()) {
      revision = reply.json().path("revision").asLong();
      given = give;
    } else {
      revision = -1;
    }
  }

  private void learn(Asker owner) {
    Reply reply = owner.send(Call.get("/nodes/" + file + "/permissions"));
    for (JsonNode entry : reply.json().path("own")) {
      if (entry.path("subject").asText().equals("user:" + guest)) {
        revision = entry.path("revision").asLong();
        given = !entry.path("rights").isEmpty();
        history.add(new Read(reply.span(), register, given ? "read" : "none"));
      }
    }
  }

  /** By the guest; what he may do is returned, or nothing when nobody told. */
  String ask(Asker asker) {
    Reply reply = asker.send(Call.get("/nodes/" + file + "/content"));
    if (reply.is(200, 404)) {
      String value = reply.is(200) ? "read" : "none";
      history.add(new Read(reply.span(), register, value));
      return value;
    }
    if (!reply.is(0)) {
      asker.surprise(reply);
    }
    return "";
  }
}
