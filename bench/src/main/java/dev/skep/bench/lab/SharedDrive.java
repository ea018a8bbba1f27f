package dev.skep.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.skep.cluster.Balancer;
import dev.skep.cluster.server.Replica;
import dev.skep.cluster.server.Server;
import dev.skep.cluster.site.Site;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Some replicas on shared servers, behind a balancer of their own that runs in this process. */
public final class SharedDrive implements FileServer, AutoCloseable {

  private static final String USER = "admin";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Server> servers;
  private final List<Replica> all;
  private final int used;
  private final Balancer balancer;
  private final int port;
  private final String headers;

  private SharedDrive(List<Server> servers, List<Replica> all, int used, String password)
      throws IOException {
    this.servers = List.copyOf(servers);
    this.all = List.copyOf(all);
    this.used = used;
    this.balancer = Balancer.before(all.subList(0, used), Site.freePort());
    this.port = URI.create(balancer.address()).getPort();
    this.headers = login(session(password));
  }

  /**
   * @param servers of the replicas
   * @param used how many of them take requests
   * @param password of the administrator
   */
  public static SharedDrive before(
      List<Server> servers, List<Replica> all, int used, String password) throws IOException {
    return new SharedDrive(servers, all, used, password);
  }

  private String session(String password) throws IOException {
    try (Wire wire = new Wire(port)) {
      int status =
          wire.exchange(Wire.request("POST", "/api/v1/sessions", login(password), new byte[0]));
      if (status != 201) {
        throw new IOException("signing in gave " + status + ": " + wire.body());
      }
      return JSON.readTree(wire.body()).get("token").asText();
    }
  }

  private static String login(String secret) {
    return "Authorization: " + SkepServer.basic(USER, secret) + "\r\n";
  }

  @Override
  public String name() {
    return used == 1 ? "1 replica" : used + " replicas";
  }

  @Override
  public int port() {
    return port;
  }

  /** Of all replicas, since those that get no request share the work in the background. */
  @Override
  public double cpuSeconds() throws IOException {
    double sum = 0;
    for (Replica each : all) {
      sum += Proc.cpuSeconds(each.child().pid());
    }
    return sum;
  }

  @Override
  public double storesCpuSeconds() throws IOException {
    double sum = 0;
    for (Server each : servers) {
      sum += Proc.cpuSeconds(each.child().pid());
    }
    return sum;
  }

  @Override
  public String headers() {
    return headers;
  }

  @Override
  public String address(String path) {
    return "/api/v1/files/home/" + path;
  }

  @Override
  public void makeFolder(Wire wire, String path) throws IOException {
    int status = wire.exchange(Wire.request("PUT", address(path) + "/", headers, new byte[0]));
    if (status != 201) {
      throw new IOException("making the folder " + path + " gave " + status + ": " + wire.body());
    }
  }

  /** None: small contents are rows of the database, others objects. */
  @Override
  public Optional<Path> stored(String path) {
    return Optional.empty();
  }

  /** What a GET answers. */
  public JsonNode json(String address) throws IOException {
    try (Wire wire = new Wire(port)) {
      int status = wire.exchange(Wire.request("GET", address, headers, new byte[0]));
      if (status != 200) {
        throw new IOException("GET " + address + " gave " + status + ": " + wire.body());
      }
      return JSON.readTree(wire.body());
    }
  }

  @Override
  public void close() {
    balancer.close();
  }
}
