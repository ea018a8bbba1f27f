package dev.skep.cluster.demo;

import dev.skep.cluster.server.Replica;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who holds which shard of background work, as a replica's page of the cluster tells. */
final class Duties {

  private static final Pattern OWN_ID = Pattern.compile("\"answeredBy\":\"([^\"]+)\"");
  private static final Pattern DUTY_OR_SHARD =
      Pattern.compile(
          "\"name\":\"(?<duty>[^\"]+)\"|\"shard\":(?<shard>\\d+)(?:,\"holder\":\"(?<holder>[^\"]+)\")?");

  private final HttpClient http = HttpClient.newHttpClient();
  private final String credentials;

  /**
   * @param credentials of an administrator
   */
  Duties(String credentials) {
    this.credentials = credentials;
  }

  /** The id by which the others know the replica. */
  String id(Replica replica) throws IOException, InterruptedException {
    Matcher id = OWN_ID.matcher(page(replica));
    if (!id.find()) {
      throw new IOException("replica " + replica.number() + " does not tell its id");
    }
    return id.group(1);
  }

  /** The id of the replica that holds it, for each shard that somebody holds. */
  Map<String, String> holders(Replica asked) throws IOException, InterruptedException {
    String page = page(asked);
    Map<String, String> holders = new HashMap<>();
    Matcher found = DUTY_OR_SHARD.matcher(page.substring(page.indexOf("\"duties\":")));
    String duty = "";
    while (found.find()) {
      if (found.group("duty") != null) {
        duty = found.group("duty");
      } else if (found.group("holder") != null) {
        holders.put(duty + "/" + found.group("shard"), found.group("holder"));
      }
    }
    return holders;
  }

  private String page(Replica replica) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(replica.address() + "/api/v1/cluster"))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", credentials)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("/cluster gave " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }
}
