package dev.skep.api.rest;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of an upload, as a stream. RESTEasy's own asks for one chunk at a time, and so changes
 * threads twice for each; this one lets some come ahead. Nothing is asked for before the first
 * read, which also tells a waiting client to send ({@code 100 Continue}).
 *
 * <p>Memory: {@link #AHEAD} chunks of 64 KiB, or {@link #FEW} where too many uploads run already.
 * Read by one thread at a time.
 */
final class RequestBody extends InputStream {

  private static final int CHUNK = 64 * 1024;
  private static final int AHEAD = 16;
  private static final int FEW = 2;

  /** The error code of a stream that is not needed any more (RFC 9113, section 7). */
  private static final long CANCEL = 0x8;

  private final HttpServerRequest request;
  private final long length;
  private final Pace pace;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** What has come and was not read yet. */
  private final Deque<ByteBuf> chunks = new ArrayDeque<>();

  private @Nullable Throwable failure;
  private boolean ended;

  private boolean begun;
  private boolean large;
  private int ahead = FEW;
  private int taken;
  private @Nullable ByteBuf current;

  /**
   * @param length as announced, −1 when it is not
   * @param pace how slowly it may come
   */
  RequestBody(HttpServerRequest request, long length, Pace pace) {
    this.request = request;
    this.length = length;
    this.pace = pace;
  }

  @Override
  public int read() throws IOException {
    ByteBuf chunk = chunk();
    return chunk == null ? -1 : chunk.readUnsignedByte();
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    ByteBuf chunk = chunk();
    if (chunk == null) {
      return -1;
    }
    int count = Math.min(length, chunk.readableBytes());
    chunk.readBytes(into, offset, count);
    return count;
  }

  /** Gives the buffers up; whoever watches the request discards what still comes. */
  @Override
  public void close() {
    if (large) {
      large = false;
      LargeTransfers.UPLOADS.end();
    }
    lock.lock();
    try {
      chunks.clear();
      ended = true;
    } finally {
      lock.unlock();
    }
  }

  /** A chunk with bytes to read; absent at the end. */
  private @Nullable ByteBuf chunk() throws IOException {
    if (!begun) {
      begin();
    }
    while (current == null || !current.isReadable()) {
      current = next();
      if (current == null) {
        return null;
      }
      askForMore();
    }
    return current;
  }

  private void begin() {
    begun = true;
    large = (length < 0 || length > CHUNK) && LargeTransfers.UPLOADS.tryBegin();
    ahead = large ? AHEAD : FEW;
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      request.response().writeContinue();
    }
    synchronized (request.connection()) {
      if (request.isEnded()) {
        // Nobody has asked for its end yet: a stream of HTTP/2 was reset.
        end(new ClosedChannelException());
        return;
      }
      request.handler(this::came);
      request.endHandler(end -> end(null));
      request.exceptionHandler(this::end);
      request.fetch(ahead);
      if (request.connection() instanceof ConnectionBase connection
          && !connection.channel().isOpen()) {
        end(new ClosedChannelException());
      }
    }
  }

  /** Not for each chunk: asking costs a change of threads. */
  private void askForMore() {
    taken++;
    if (taken < ahead / 2) {
      return;
    }
    synchronized (request.connection()) {
      // The end may have come since, and over HTTP/2 it is an error to ask for more.
      if (!request.isEnded()) {
        request.fetch(taken);
      }
    }
    taken = 0;
  }

  private @Nullable ByteBuf next() throws IOException {
    long left = pace.left();
    lock.lock();
    try {
      while (chunks.isEmpty()) {
        if (failure != null) {
          throw new IOException("The client has gone", failure);
        }
        if (ended) {
          return null;
        }
        if (left <= 0) {
          giveUp(request);
          throw new IOException("The client sent too little " + pace);
        }
        left = changed.awaitNanos(left);
      }
      ByteBuf chunk = chunks.remove();
      pace.came(chunk.readableBytes(), left);
      return chunk;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for the client", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a request whose client is too slow: its connection, or its stream where others share it.
   */
  static void giveUp(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2) {
      request.connection().close();
    } else if (!request.response().closed()) {
      request.response().reset(CANCEL);
    }
  }

  private void came(Buffer chunk) {
    lock.lock();
    try {
      if (!ended) {
        chunks.add(chunk.getByteBuf());
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(@Nullable Throwable why) {
    lock.lock();
    try {
      ended = true;
      failure = why;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
