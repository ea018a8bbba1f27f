package dev.skep.blackbox.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import dev.skep.testkit.tier.Tier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Schemathesis makes requests from docs/openapi.yaml, without log-in and as three who are logged
 * in: no 500, no answer that the description does not know, and nothing is left behind. {@code
 * SKEP_FUZZ_SEED} chooses other requests, {@code SKEP_FUZZ_EXAMPLES} how many for each operation.
 */
final class FuzzTest {

  private static final int AT_LEAST = Tier.count(5_000, 10_000);
  private static final int SLACK = 32;
  private static final int NODES = 24;
  private static final int LONGEST_LINE = 2000;
  private static final int MOST_LINES = 300;
  private static final String CHECKS =
      "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

  private final String seed = setting("SKEP_FUZZ_SEED", "20261121");
  private final String examples = setting("SKEP_FUZZ_EXAMPLES", "" + Tier.count(8, 100));

  private static String setting(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  /** One run of it. */
  private record Run(String as, Path folder, Process process) {}

  @Test
  @Timeout(value = 4, unit = TimeUnit.HOURS) // in the soak
  void noRequestIsAnsweredOtherwiseThanDescribedAndNothingIsLeftBehind() throws Exception {
    Path folder = Skep.newFolder("fuzz");
    Schemathesis schemathesis = installed(folder);
    try (Skep skep = Skep.start()) {
      Client admin = skep.admin();
      People people = new People(skep);
      Client plain = people.person("plain");
      Map<String, List<String>> adminKnows = something(people, admin, people.workspace("fuzz"));
      Map<String, List<String>> plainKnows = something(people, plain, "home");
      Map<String, List<String>> scopedKnows = something(people, plain, "home");
      String scope = "{'path':'/home','rights':['read','write','delete','share']}";
      Traces before = afterUse(skep);

      List<Run> runs =
          List.of(
              start(schemathesis, skep, folder, "nobody", null, adminKnows),
              start(schemathesis, skep, folder, "admin", token(admin), adminKnows),
              start(schemathesis, skep, folder, "plain", token(plain), plainKnows),
              start(schemathesis, skep, folder, "scoped", token(plain, scope), scopedKnows));
      int requests = 0;
      try {
        for (Run run : runs) {
          requests += judge(run);
        }
      } finally {
        runs.forEach(run -> run.process().destroyForcibly());
      }

      System.out.println("fuzz: " + requests + " requests with seed " + seed);
      assertThat(requests).isGreaterThanOrEqualTo(AT_LEAST);
      nothingIsLeftBehind(skep, before);
    }
  }

  private static Schemathesis installed(Path folder) throws Exception {
    try {
      return Schemathesis.install(folder);
    } catch (Schemathesis.Missing e) {
      String reason = "no Schemathesis: " + e.getMessage();
      System.out.println("[unproven] api fuzz " + reason);
      assertThat(System.getenv("CI")).as("in CI it must run, but there is %s", reason).isNull();
      Assumptions.abort(reason);
      throw e;
    }
  }

  /** Files, folders, versions, trash and people to be changed by requests that name them. */
  private static Map<String, List<String>> something(People people, Client who, String workspace) {
    Client admin = people.admin();
    List<String> ids = new ArrayList<>();
    List<String> versions = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      String path = Names.fresh("file");
      who.put("/files/" + workspace + "/" + path, "first").is(201);
      String file = who.put("/files/" + workspace + "/" + path, "second").is(200).id();
      versions.addAll(who.get("/nodes/" + file + "/versions").is(200).items("id"));
      ids.add(file);
      ids.add(who.put("/files/" + workspace + "/" + Names.fresh("folder") + "/", "").is(201).id());
      paths.add(path);
    }
    who.delete("/nodes/" + ids.getFirst()).is(204);
    who.delete("/nodes/" + ids.getLast()).is(204);
    Client victim = people.person("victim");
    String group = people.group("victims", "user:" + victim.user());
    Map<String, List<String>> known = new LinkedHashMap<>();
    known.put("id", ids);
    known.put("parentId", ids);
    known.put("version", versions);
    known.put("workspace", List.of(workspace));
    known.put("slug", List.of(workspace, people.workspace("other")));
    known.put("path", paths);
    known.put("name", List.of(victim.user(), group));
    known.put("subject", List.of("user:" + victim.user(), "group:" + group, "everyone"));
    known.put("key", admin.get("/settings").is(200).items("key"));
    return known;
  }

  /** An access token: a session would end with the first request that logs out. */
  private static String token(Client who, String... scopes) {
    String limits = scopes.length == 0 ? "" : ",'scopes':[" + String.join(",", scopes) + "]";
    return who.post("/tokens", "{'name':'fuzz'" + limits + "}").is(201).text("token");
  }

  private Run start(
      Schemathesis schemathesis,
      Skep skep,
      Path folder,
      String as,
      String token,
      Map<String, List<String>> known)
      throws Exception {
    Path own = Files.createDirectories(folder.resolve(as));
    List<String> arguments =
        List.of(
            Path.of(System.getProperty("skep.openapi")).toAbsolutePath().normalize().toString(),
            "--url=" + skep.base(),
            "--checks=" + CHECKS,
            "--phases=coverage,fuzzing",
            "--max-examples=" + examples,
            "--seed=" + seed,
            // One each: threads of one Python disturb each other's parser (CPython issue 106905).
            "--workers=1",
            "--no-shrink",
            "--continue-on-failure",
            "--request-timeout=60",
            "--suppress-health-check=all",
            "--generation-database=none",
            "--warnings=off");
    Map<String, String> headers =
        token == null ? Map.of() : Map.of("Authorization", "Bearer " + token);
    String json = new ObjectMapper().writeValueAsString(known);
    return new Run(as, own, schemathesis.start(own, headers, json, arguments));
  }

  /** Returns how many requests it made. */
  private int judge(Run run) throws Exception {
    boolean ended = run.process().waitFor(Tier.count(15, 180), TimeUnit.MINUTES);
    Path written = run.folder().resolve("output.txt");
    String output =
        Files.readAllLines(written).stream()
            .filter(line -> line.length() < LONGEST_LINE)
            .limit(MOST_LINES)
            .collect(Collectors.joining("\n", "", "\nThe whole: " + written));
    assertThat(ended).as("%s has ended: %s", run.as(), output).isTrue();
    Requests requests = Requests.of(run.folder().resolve("report.ndjson"));
    System.out.println("fuzz as " + run.as() + ": " + requests.count() + " " + requests.statuses());
    assertThat(run.process().exitValue())
        .as("Schemathesis as %s with SKEP_FUZZ_SEED=%s:%n%s", run.as(), seed, output)
        .isZero();
    assertThat(requests.statuses()).doesNotContainKeys(0, 500);
    if (run.as().equals("nobody")) {
      assertThat(requests.statuses()).doesNotContainKeys(201, 204).containsKeys(200, 401);
    } else {
      assertThat(requests.statuses()).as("as %s, it got in", run.as()).containsKeys(200, 204);
    }
    // Of the few routes that are open to a scoped token, chance may choose none that makes
    // something.
    if (run.as().equals("admin") || run.as().equals("plain")) {
      assertThat(requests.statuses()).as("as %s, it made something", run.as()).containsKey(201);
    }
    return requests.count();
  }

  /** Threads and connections that use brings along are no leak. */
  private static Traces afterUse(Skep skep) throws Exception {
    Client admin = skep.admin();
    List<Thread> askers = new ArrayList<>();
    for (int i = 0; i < SLACK; i++) {
      askers.add(Thread.ofVirtual().start(() -> admin.get("/me").is(200)));
    }
    for (Thread asker : askers) {
      asker.join();
    }
    return Traces.of(skep);
  }

  private static void nothingIsLeftBehind(Skep skep, Traces before) throws Exception {
    skep.admin().get("/me").is(200);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Traces after = Traces.of(skep);
    while (!after.isNoMoreThan(before, SLACK) && System.nanoTime() < end) {
      Thread.sleep(500);
      after = Traces.of(skep);
    }
    System.out.println("fuzz: before " + before + ", after " + after);
    assertThat(after.isNoMoreThan(before, SLACK)).as("before %s, after %s", before, after).isTrue();
    assertThat(skep.output())
        .as("what Skep logged")
        .doesNotContain(" ERROR ")
        .doesNotContainPattern("\\n\\s+at [a-z]");
  }
}
