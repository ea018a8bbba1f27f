package dev.skep.port.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.api.AuthenticateResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogInTest {

  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final AtomicInteger asked = new AtomicInteger();
  private final LogIn logIn = new LogIn(settings());

  @Test
  void aTokenIsAskedForOnceAndAnewWhenItWasRefused() {
    assertThat(token()).isEqualTo("token 1");
    assertThat(token()).isEqualTo("token 1");
    logIn.forget("token 1");
    assertThat(token()).isEqualTo("token 2");
  }

  @Test
  void aRefusalThatComesLateDropsNoNewerToken() {
    String first = token();
    logIn.forget(first);
    String second = token();
    logIn.forget(first);
    logIn.forget(null);
    assertThat(token()).isEqualTo(second);
    assertThat(asked).hasValue(2);
  }

  private @Nullable String token() {
    return logIn.token(new Server(), LIMIT);
  }

  private static EtcdSettings settings() {
    return new EtcdSettings(
        "config",
        List.of(new EtcdSettings.Address("127.0.0.1", 1)),
        false,
        Optional.of("user"),
        Optional.of("word"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "skep/config/",
        LIMIT);
  }

  /** Gives another token to each who asks. */
  private final class Server extends Channel {

    @Override
    public String authority() {
      return "test";
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
      return new ClientCall<>() {
        private @Nullable Listener<R> listener;

        @Override
        public void start(Listener<R> whoAsks, Metadata headers) {
          listener = whoAsks;
        }

        @Override
        public void halfClose() {
          Listener<R> to = Objects.requireNonNull(listener);
          to.onHeaders(new Metadata());
          to.onMessage(
              method.parseResponse(
                  AuthenticateResponse.newBuilder()
                      .setToken("token " + asked.incrementAndGet())
                      .build()
                      .toByteString()
                      .newInput()));
          to.onClose(Status.OK, new Metadata());
        }

        @Override
        public void request(int count) {}

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {}

        @Override
        public void sendMessage(Q message) {}
      };
    }
  }
}
