package dev.skep.blackbox.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Two changes at once of which only one can be. */
@BlackBox
final class CrossingMovesTest {

  private final Client anna;

  CrossingMovesTest(Skep skep) {
    anna = new People(skep).person("anna");
  }

  @RepeatedTest(20)
  void ofTwoFoldersMovedIntoEachOtherOneGoesAndBothStayReachable() throws Exception {
    Folder folder = Folder.fresh(anna);
    Folder left = folder.folder("left");
    Folder right = folder.folder("right");

    List<Answer> answers =
        atOnce(
            () -> anna.patch("/nodes/" + left.id(), "{'parentId':'" + right.id() + "'}"),
            () -> anna.patch("/nodes/" + right.id(), "{'parentId':'" + left.id() + "'}"));

    assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(200, 409);
    answers.stream()
        .filter(answer -> answer.status() == 409)
        .forEach(answer -> answer.isProblem(409, "into-itself"));
    assertThat(folder.names()).hasSize(1);
    String outer = folder.names().getFirst();
    assertThat(anna.get(folder.file(outer + "/")).is(200).items("name")).hasSize(1);
    assertThat(anna.get("/nodes/" + left.id()).is(200).text("path")).startsWith(folder.place(""));
    assertThat(anna.get("/nodes/" + right.id()).is(200).text("path")).startsWith(folder.place(""));
  }

  @Test
  void ofManyWritersOfOneNewNameOneCreates() throws Exception {
    Folder folder = Folder.fresh(anna);
    Callable<Answer> write =
        () -> anna.request("PUT", folder.file("one")).ifNoneMatch("*").text("x").send();

    List<Answer> answers = atOnce(write, write, write, write, write, write, write, write);

    assertThat(answers).extracting(Answer::status).containsOnlyOnce(201).containsOnly(201, 412);
    assertThat(folder.names()).containsExactly("one");
  }

  @Test
  void ofManyWritersWithOneEtagOneWins() throws Exception {
    Folder folder = Folder.fresh(anna);
    String etag = anna.put(folder.file("one"), "start").is(201).etag();
    List<Callable<Answer>> writers =
        java.util.stream.IntStream.range(0, 8)
            .mapToObj(
                n ->
                    (Callable<Answer>)
                        () ->
                            anna.request("PUT", folder.file("one"))
                                .ifMatch(etag)
                                .text("writer " + n)
                                .send())
            .toList();

    List<Answer> answers = atOnce(writers.toArray(Callable[]::new));

    assertThat(answers).extracting(Answer::status).containsOnlyOnce(200).containsOnly(200, 412);
    String id = anna.get("/nodes/lookup?path=" + folder.place("one")).id();
    assertThat(anna.get("/nodes/" + id + "/versions").items("id")).hasSize(2);
  }

  @SafeVarargs
  private static List<Answer> atOnce(Callable<Answer>... requests) throws Exception {
    CyclicBarrier start = new CyclicBarrier(requests.length);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers =
          List.of(requests).stream()
              .map(
                  request ->
                      threads.submit(
                          () -> {
                            start.await();
                            return request.call();
                          }))
              .toList();
      java.util.ArrayList<Answer> got = new java.util.ArrayList<>();
      for (Future<Answer> answer : answers) {
        got.add(answer.get());
      }
      return got;
    }
  }
}
