package dev.skep.testkit.server;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.AlarmType;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthRoleGrantPermissionRequest;
import io.etcd.jetcd.api.AuthRoleRevokePermissionRequest;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DefragmentRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.Permission;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One etcd, or one member of a cluster, as a child process on loopback; or the one that {@code
 * SKEP_TEST_ETCD_URL} names ({@code http://user:password@host:port}), which cannot be killed,
 * filled or frozen.
 */
public final class EtcdServer implements ClusterMember, AutoCloseable {

  private static final String NAME = "ETCD";

  private static final String ROOT = "root";
  private static final String ROOT_PASSWORD = "of the test";

  /** Small, so that it is full after a moment. */
  private static final int QUOTA = 48 << 20;

  private final @Nullable ServerProcess process;
  private final String host;
  private final int port;
  private final @Nullable Tls tls;
  private final @Nullable GivenServer given;
  private volatile boolean authenticating;

  /**
   * What a server with TLS shows, and what signed it.
   *
   * @param mutual whether clients must show a certificate too
   */
  public record Tls(Path authority, Certificates.Server certificate, boolean mutual) {}

  private EtcdServer(@Nullable ServerProcess process, String host, int port, @Nullable Tls tls) {
    this.process = process;
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.given = null;
  }

  private EtcdServer(GivenServer given) {
    this.process = null;
    this.host = given.host();
    this.port = given.port();
    this.tls = null;
    this.given = given;
    this.authenticating = given.user().isPresent();
  }

  /** The one to run a contract on. */
  public static EtcdServer start() throws Exception {
    GivenServer given = GivenServer.named(NAME, 2379);
    return given == null ? startOwn() : new EtcdServer(given);
  }

  /** One of its own, which may be killed. */
  public static EtcdServer startOwn() throws Exception {
    require();
    Member member = Member.make("one");
    return member.server(
        ServerProcess.start(
            "etcd", member.folder(), member.command("new", List.of(member)), member.healthy()),
        null);
  }

  /** With TLS. */
  public static EtcdServer startWithTls(Tls tls) throws Exception {
    require();
    Member member = Member.make("one").withTls();
    List<String> command = new ArrayList<>(member.command("new", List.of(member)));
    command.addAll(
        List.of(
            "--cert-file=" + tls.certificate().certificate(),
            "--key-file=" + tls.certificate().key()));
    if (tls.mutual()) {
      command.addAll(List.of("--client-cert-auth", "--trusted-ca-file=" + tls.authority()));
    }
    return member.server(
        ServerProcess.start("etcd", member.folder(), command, member.healthy()), tls);
  }

  /** A cluster of so many. */
  public static List<EtcdServer> startCluster(int size) throws Exception {
    require();
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      members.add(Member.make("m" + i));
    }
    List<EtcdServer> servers = new ArrayList<>();
    for (Member member : members) {
      servers.add(
          member.server(
              ServerProcess.launch(
                  "etcd " + member.name(),
                  member.folder(),
                  member.command("new", members),
                  member.healthy()),
              null));
    }
    for (EtcdServer server : servers) {
      server.process().awaitReady();
    }
    return servers;
  }

  private static void require() {
    ServerProcess.require("etcd", "etcd-server", GivenServer.variable(NAME));
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** {@code http://127.0.0.1:2379}. */
  public String url() {
    return url(port);
  }

  /** The same server behind another port. */
  public String url(int otherPort) {
    return (tls == null ? "http://" : "https://") + host + ":" + otherPort;
  }

  /** The given one, where it is one. */
  public @Nullable GivenServer given() {
    return given;
  }

  /** Its process; aborts the test where the server was given. */
  @Override
  public ServerProcess process() {
    return process == null ? GivenServer.notOurs(NAME) : process;
  }

  public String version() {
    return status().getVersion();
  }

  @Override
  public boolean isLeader() {
    try {
      StatusResponse status = status();
      return status.getLeader() == status.getHeader().getMemberId();
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  public long clusterId() {
    return status().getHeader().getClusterId();
  }

  /** Ends it, removes all that it has, users too, and starts it again. */
  public void wipe() throws Exception {
    process().kill();
    authenticating = false;
    delete(process().folder().resolve("data"));
    process().restart();
  }

  /** Writes until it refuses more. */
  public void fill() {
    process(); // a given one is not ours to fill
    with(
        channel -> {
          ByteString value = ByteString.copyFrom(new byte[1 << 20]);
          for (int i = 0; ; i++) {
            ByteString key = ByteString.copyFromUtf8("filling/" + i);
            try {
              KVGrpc.newBlockingStub(channel)
                  .put(PutRequest.newBuilder().setKey(key).setValue(value).build());
            } catch (StatusRuntimeException e) {
              if (e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED) {
                return null;
              }
              throw e;
            }
          }
        });
  }

  /** Removes what {@link #fill} has written, and makes the room usable. */
  public void empty() {
    with(
        channel -> {
          long revision =
              KVGrpc.newBlockingStub(channel)
                  .deleteRange(
                      DeleteRangeRequest.newBuilder()
                          .setKey(ByteString.copyFromUtf8("filling/"))
                          .setRangeEnd(ByteString.copyFromUtf8("filling0"))
                          .build())
                  .getHeader()
                  .getRevision();
          compact(channel, revision);
          var maintenance = MaintenanceGrpc.newBlockingStub(channel);
          maintenance.defragment(DefragmentRequest.getDefaultInstance());
          maintenance.alarm(
              AlarmRequest.newBuilder()
                  .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
                  .setMemberID(status().getHeader().getMemberId())
                  .setAlarm(AlarmType.NOSPACE)
                  .build());
          return null;
        });
  }

  /** Forgets all revisions but the last. */
  public void compact() {
    with(
        channel -> {
          compact(channel, status().getHeader().getRevision());
          return null;
        });
  }

  private static void compact(Channel channel, long revision) {
    KVGrpc.newBlockingStub(channel)
        .compact(CompactionRequest.newBuilder().setRevision(revision).setPhysical(true).build());
  }

  public void put(String key, String value) {
    with(
        channel ->
            KVGrpc.newBlockingStub(channel)
                .put(
                    PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value))
                        .build()));
  }

  public void delete(String key) {
    with(
        channel ->
            KVGrpc.newBlockingStub(channel)
                .deleteRange(
                    DeleteRangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build()));
  }

  /**
   * Turns authentication on, with a user {@code root} and one who may read and write below a prefix
   * only.
   */
  public void enableAuthentication(String user, String password, String prefix) {
    with(
        channel -> {
          var auth = AuthGrpc.newBlockingStub(channel);
          auth.userAdd(
              AuthUserAddRequest.newBuilder().setName(ROOT).setPassword(ROOT_PASSWORD).build());
          auth.roleAdd(AuthRoleAddRequest.newBuilder().setName(ROOT).build());
          auth.userGrantRole(
              AuthUserGrantRoleRequest.newBuilder().setUser(ROOT).setRole(ROOT).build());
          auth.userAdd(AuthUserAddRequest.newBuilder().setName(user).setPassword(password).build());
          auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("skep").build());
          grant(channel, prefix, Permission.Type.READWRITE);
          auth.userGrantRole(
              AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole("skep").build());
          auth.authEnable(AuthEnableRequest.getDefaultInstance());
          return null;
        });
    authenticating = true;
  }

  /** Takes the right away that {@link #enableAuthentication} has granted. */
  public void revokePermission(String prefix) {
    with(
        channel ->
            AuthGrpc.newBlockingStub(channel)
                .roleRevokePermission(
                    AuthRoleRevokePermissionRequest.newBuilder()
                        .setRole("skep")
                        .setKey(ByteString.copyFromUtf8(prefix))
                        .setRangeEnd(endOf(prefix))
                        .build()));
  }

  /** Grants a right below a prefix to the role of {@link #enableAuthentication}. */
  public void grantPermission(String prefix, boolean write) {
    with(
        channel -> {
          grant(channel, prefix, write ? Permission.Type.READWRITE : Permission.Type.READ);
          return null;
        });
  }

  private static void grant(Channel channel, String prefix, Permission.Type right) {
    AuthGrpc.newBlockingStub(channel)
        .roleGrantPermission(
            AuthRoleGrantPermissionRequest.newBuilder()
                .setName("skep")
                .setPerm(
                    Permission.newBuilder()
                        .setPermType(right)
                        .setKey(ByteString.copyFromUtf8(prefix))
                        .setRangeEnd(endOf(prefix)))
                .build());
  }

  private static ByteString endOf(String prefix) {
    int last = prefix.length() - 1;
    return ByteString.copyFromUtf8(prefix.substring(0, last) + (char) (prefix.charAt(last) + 1));
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }

  private StatusResponse status() {
    return with(
        channel ->
            MaintenanceGrpc.newBlockingStub(channel).status(StatusRequest.getDefaultInstance()));
  }

  private interface Use<R> {
    R on(Channel channel);
  }

  private <R> R with(Use<R> use) {
    ManagedChannel channel = channel();
    try {
      return use.on(authenticating ? loggedIn(channel) : channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private Channel loggedIn(ManagedChannel channel) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER),
        AuthGrpc.newBlockingStub(channel)
            .authenticate(
                AuthenticateRequest.newBuilder()
                    .setName(given == null ? ROOT : given.user().orElse(""))
                    .setPassword(given == null ? ROOT_PASSWORD : given.password().orElse(""))
                    .build())
            .getToken());
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private ManagedChannel channel() {
    try {
      NettyChannelBuilder builder = NettyChannelBuilder.forAddress(host, port);
      if (tls == null) {
        return builder.usePlaintext().build();
      }
      return builder
          .sslContext(
              GrpcSslContexts.forClient()
                  .trustManager(tls.authority().toFile())
                  .keyManager(
                      tls.certificate().certificate().toFile(), tls.certificate().key().toFile())
                  .build())
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private record Member(String name, Path folder, int clients, int peers, int health, boolean tls) {

    static Member make(String name) throws IOException {
      return new Member(
          name,
          Files.createTempDirectory("skep-etcd"),
          ServerProcess.freePort(),
          ServerProcess.freePort(),
          ServerProcess.freePort(),
          false);
    }

    Member withTls() {
      return new Member(name, folder, clients, peers, health, true);
    }

    EtcdServer server(ServerProcess process, @Nullable Tls tlsOfServer) {
      return new EtcdServer(process, "127.0.0.1", clients, tlsOfServer);
    }

    List<String> command(String state, List<Member> cluster) {
      String url = (tls ? "https" : "http") + "://127.0.0.1:" + clients;
      return List.of(
          "etcd",
          "--name=" + name,
          "--data-dir=" + folder.resolve("data"),
          "--listen-client-urls=" + url,
          "--advertise-client-urls=" + url,
          "--listen-peer-urls=" + peerUrl(),
          "--initial-advertise-peer-urls=" + peerUrl(),
          "--listen-metrics-urls=http://127.0.0.1:" + health,
          "--initial-cluster-state=" + state,
          "--initial-cluster="
              + String.join(
                  ",", cluster.stream().map(each -> each.name() + "=" + each.peerUrl()).toList()),
          "--quota-backend-bytes=" + QUOTA,
          "--logger=zap",
          "--log-outputs=stderr");
    }

    Callable<Boolean> healthy() {
      return () -> {
        HttpURLConnection connection =
            (HttpURLConnection)
                URI.create("http://127.0.0.1:" + health + "/health").toURL().openConnection();
        connection.setConnectTimeout(1_000);
        connection.setReadTimeout(2_000);
        try (var body = connection.getInputStream()) {
          String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
          return text.contains("\"health\":\"true\"");
        } finally {
          connection.disconnect();
        }
      };
    }

    private String peerUrl() {
      return "http://127.0.0.1:" + peers;
    }
  }
}
