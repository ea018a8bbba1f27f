package dev.skep.domain.outbox;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Json;
import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The answers of requests with an Idempotency-Key (P24), kept in the transaction of what they
 * answer for.
 */
@Singleton
public class Answers {

  private static final Duration KEPT = Duration.ofHours(24);

  /**
   * Does the work once per key. To be called after the serialising update; a repeated request gets
   * the first one's answer, and its own transaction is rolled back.
   *
   * @throws SkepException {@code key-reused} when the key was used for another request
   */
  public <R> R once(Tx tx, Caller caller, Instant now, Class<R> type, Supplier<R> work) {
    return once(tx, caller, now, type, answer -> {}, work);
  }

  /**
   * The same.
   *
   * @param seen refuses an earlier answer that the caller may not see any more
   */
  public <R> R once(
      Tx tx, Caller caller, Instant now, Class<R> type, Consumer<R> seen, Supplier<R> work) {
    Caller.RequestKey key = caller.once();
    if (key == null) {
      return work.get();
    }
    Optional<R> first = earlier(tx, caller, type);
    if (first.isPresent()) {
      seen.accept(first.get());
      tx.rollBackOnly();
      return first.get();
    }
    R result = work.get();
    remember(tx, caller, key, result, now);
    return result;
  }

  /**
   * The answer that this request was given before; empty without a key. What it needed then may be
   * gone since, so it is asked for before any of that is looked at. Whether the caller may still
   * see it is not decided here.
   *
   * @throws SkepException {@code key-reused} when the key was used for another request
   */
  public <R> Optional<R> earlier(Tx tx, Caller caller, Class<R> type) {
    Caller.RequestKey key = caller.once();
    if (key == null) {
      return Optional.empty();
    }
    return tx.one(OutboxSql.ANSWER, caller.accountId(), key.key())
        .map(first -> answer(key, first, type));
  }

  private static <R> R answer(Caller.RequestKey key, Row first, Class<R> type) {
    if (!MessageDigest.isEqual(first.bytes("digest"), key.digest())) {
      throw new SkepException(
          ErrorCode.KEY_REUSED,
          "Idempotency-Key: it came with another request within the last 24 hours. Use a new key for a new request");
    }
    return Json.read(first.text("answer"), type);
  }

  private static void remember(
      Tx tx, Caller caller, Caller.RequestKey key, Object result, Instant now) {
    try {
      tx.update(
          OutboxSql.INSERT_ANSWER,
          caller.accountId(),
          key.key(),
          key.digest(),
          Json.write(result),
          now);
    } catch (ConstraintViolation e) {
      // Two workspaces do not serialise each other: the other request with this key came first.
      throw SkepException.retry(
          ErrorCode.IN_PROGRESS,
          "Idempotency-Key: another request with this key has just finished. Send it again for its answer",
          Duration.ofSeconds(1));
    }
  }

  /** Forgets up to {@code limit} answers that are older than a day; returns how many. */
  public int forget(Tx tx, Instant now, int limit) {
    List<Row> rows = tx.query(OutboxSql.EXPIRED_ANSWERS, now.minus(KEPT), limit);
    rows.forEach(
        row -> tx.update(OutboxSql.DELETE_ANSWER, row.id("account_id"), row.text("request_key")));
    return rows.size();
  }
}
