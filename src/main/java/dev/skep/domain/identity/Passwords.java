package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.Utf8;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and checks passwords, each with 19 MiB and about a tenth of a second of a core. So at most
 * one a core runs at once, on platform threads of its own, and no more than fit into a quarter of
 * the heap. The others wait for their turn in a fair queue of seconds; who finds it full, or gets
 * no turn in time, is asked to come again (P25).
 */
@Singleton
public class Passwords {

  static final int SHORTEST = 8;
  static final int LONGEST = Argon2.MAX_BYTES / 4;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** For each that runs: about as many as get their turn while the last of them is patient. */
  private static final int WAITING = 64;

  private static final Duration IDLE = Duration.ofSeconds(30);

  /** Costs what a kept hash costs; of which password it is, does not matter. */
  private static final String NOBODYS =
      "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  private final SecureRandom random = new SecureRandom();
  private final Semaphore turns;
  private final int mostWaiting;
  private final Duration patience;
  private final ThreadPoolExecutor threads;

  @Inject
  public Passwords() {
    this(mostAtOnce(), PATIENCE);
  }

  Passwords(int atOnce, Duration patience) {
    this.turns = new Semaphore(atOnce, true);
    this.mostWaiting = atOnce * WAITING;
    this.patience = patience;
    this.threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("password-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  private static int mostAtOnce() {
    long fitting = Runtime.getRuntime().maxMemory() / 4 / (Argon2.MEMORY_KIB * 1024L);
    return (int) Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), fitting));
  }

  /**
   * Refuses a new password that is too short, or as {@link #checkTyped} does.
   *
   * @param pointer the field of the request that holds it
   */
  static void check(String password, String pointer) {
    checkTyped(password, pointer);
    if (password.codePointCount(0, password.length()) < SHORTEST) {
      throw wrongLength(pointer);
    }
  }

  /**
   * Refuses what nobody can have as a password: it is longer than any, or half of a surrogate pair
   * in it would be hashed as a question mark.
   */
  static void checkTyped(String password, String pointer) {
    if (password.codePointCount(0, password.length()) > LONGEST) {
      throw wrongLength(pointer);
    }
    if (Utf8.length(password) == Utf8.INVALID) {
      throw SkepException.field(pointer, "is not valid Unicode");
    }
  }

  private static SkepException wrongLength(String pointer) {
    return SkepException.field(
        pointer, "a password has " + SHORTEST + " to " + LONGEST + " characters");
  }

  /**
   * The PHC string to keep of a new password.
   *
   * @throws SkepException {@code too-many-requests}
   */
  String hash(String password) {
    byte[] salt = new byte[Argon2.SALT_BYTES];
    random.nextBytes(salt);
    return hash(password, salt);
  }

  /** The same with a salt that the caller has chosen. */
  String hash(String password, byte[] salt) {
    return run(() -> Argon2.hash(password, salt));
  }

  /**
   * Whether it is the password that was hashed; without one, never, but it takes as long. To be
   * called inside {@link #run}.
   */
  boolean matches(String password, @Nullable String phc) {
    boolean same = Argon2.matches(password, phc == null ? NOBODYS : phc);
    return same && phc != null;
  }

  /**
   * Does the work when it is its turn.
   *
   * @throws SkepException {@code too-many-requests} when it does not get one
   */
  <R> R run(Callable<R> work) {
    Future<R> result;
    try {
      if (turns.getQueueLength() >= mostWaiting
          || !turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw SkepException.retry(
            ErrorCode.TOO_MANY_REQUESTS,
            "Too many passwords are being checked at this moment. Try again in a second",
            Duration.ofSeconds(1));
      }
      result = threads.submit(() -> releasing(work));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** The turn ends with the work, even when nobody waits for it any more. */
  private <R> R releasing(Callable<R> work) throws Exception {
    try {
      return work.call();
    } finally {
      turns.release();
    }
  }

  private static SkepException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SkepException(ErrorCode.UNAVAILABLE, "This replica is stopping", e);
  }

  @PreDestroy
  void stop() {
    threads.shutdownNow();
  }
}
