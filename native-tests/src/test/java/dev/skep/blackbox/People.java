package dev.skep.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

/** Makes users, logged in, for a test. */
public final class People {

  private static final String PASSWORD = "correct horse battery staple";

  private final Client admin;

  public People(Skep skep) {
    this(skep.admin());
  }

  /**
   * @param admin of one of several replicas, which is asked for all that is made here
   */
  public People(Client admin) {
    this.admin = admin;
  }

  /** A new user of a name that begins with the word, logged in. */
  public Client person(String word) {
    String name = Names.fresh(word);
    admin.post("/users", "{'name':'" + name + "','password':'" + PASSWORD + "'}").is(201);
    return logIn(name);
  }

  /** The password of all that are made here. */
  public String password() {
    return PASSWORD;
  }

  public Client logIn(String name) {
    Answer session =
        admin
            .skep()
            .nobody()
            .post("/sessions", "{'name':'" + name + "','password':'" + PASSWORD + "'}")
            .is(201);
    return admin.skep().as(name, session.text("token"));
  }

  /** A new group with these members, such as {@code user:anna}; its name. */
  public String group(String word, String... members) {
    String name = Names.fresh(word);
    String list = members.length == 0 ? "" : "'" + String.join("','", members) + "'";
    admin.post("/groups", "{'name':'" + name + "','members':[" + list + "]}").is(201);
    return name;
  }

  /** A new shared workspace of the administrator; its slug. */
  public String workspace(String word) {
    String slug = Names.fresh(word);
    admin.post("/workspaces", "{'slug':'" + slug + "'}").is(201);
    return slug;
  }

  /** The id of the root of a workspace. */
  public String root(String slug) {
    return admin.get("/workspaces/" + slug).is(200).text("rootId");
  }

  /** Gives rights on a node, by the administrator, who must hold them. */
  public void grant(String node, String subject, String... rights) {
    Answer granted = admin.putJson("/nodes/" + node + "/permissions/" + subject, rights(rights));
    assertThat(granted.status()).as(granted.text()).isIn(200, 201);
  }

  public static String rights(String... rights) {
    return rights.length == 0
        ? "{'rights':[]}"
        : "{'rights':['" + String.join("','", rights) + "']}";
  }

  public Client admin() {
    return admin;
  }
}
