package dev.skep.api.rest;

import dev.skep.common.admission.MemoryBudget.Kind;
import dev.skep.domain.files.Download;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.ExecutionException;

/**
 * Sends a long body in large pieces: one is read while the other goes out, both in direct memory
 * that lives as long as the answer. RESTEasy's stream would copy each byte twice more, zero a new
 * buffer for each piece and change threads more often.
 *
 * <p>Memory: {@link #PIECES} × {@link #PIECE} for an answer, however slow the client is. Where
 * {@link LargeTransfers} are on their way already it is {@link #SMALL_PIECE}, which counts as
 * {@link Kind#DOWNLOAD}.
 */
final class LargeBody {

  /** Half of it sends at half the speed: most of the time would go into changing threads. */
  private static final int PIECE = 512 * 1024;

  private static final int SMALL_PIECE = 128 * 1024;
  private static final int PIECES = 2;
  private static final int FIRST = 64 * 1024;

  /** The first bytes are once more in RESTEasy's stream. */
  private static final int HELD = PIECES * SMALL_PIECE + 2 * FIRST;

  private final HttpServerResponse response;
  private final ByteBuf[] pieces = new ByteBuf[PIECES];
  private final Future<?>[] sent = new Future<?>[PIECES];

  private LargeBody(HttpServerResponse response, int piece, long length) {
    this.response = response;
    // A multiple of FIRST, as the content wants it.
    int needed = (int) Math.min(piece, (length + FIRST - 1) / FIRST * FIRST);
    for (int i = 0; i < PIECES; i++) {
      pieces[i] = Unpooled.directBuffer(needed + Download.BESIDES);
      sent[i] = Future.succeededFuture();
    }
  }

  /**
   * Waits until a body may be held in memory, before anything is opened for it.
   *
   * @throws dev.skep.common.SkepException {@code busy} when it is not its turn in time
   */
  static void admit(RequestPermits permits) {
    permits.endTurn();
    permits.take(Kind.DOWNLOAD, HELD);
  }

  /**
   * Writes all of the content. The head goes out with the first bytes, by RESTEasy's stream, which
   * also ends the response.
   *
   * @param length of the content
   * @throws IOException when the client has gone
   */
  static void send(
      ReadableByteChannel content, long length, OutputStream out, HttpServerResponse response)
      throws IOException {
    ByteBuffer first = ByteBuffer.allocate(FIRST);
    int count = content.read(first);
    out.write(first.array(), 0, Math.max(0, count));
    out.flush();
    if (!LargeTransfers.DOWNLOADS.tryBegin()) {
      new LargeBody(response, SMALL_PIECE, length).send(content);
      return;
    }
    try {
      new LargeBody(response, PIECE, length).send(content);
    } finally {
      LargeTransfers.DOWNLOADS.end();
    }
  }

  private void send(ReadableByteChannel content) throws IOException {
    try {
      for (int i = 0; sendPiece(content, i); i = (i + 1) % PIECES) {}
      // The memory counts until it is free.
      for (Future<?> piece : sent) {
        await(piece);
      }
    } finally {
      release();
    }
  }

  private boolean sendPiece(ReadableByteChannel content, int i) throws IOException {
    await(sent[i]);
    ByteBuf piece = pieces[i];
    int count = content.read(piece.nioBuffer(0, piece.capacity()));
    if (count < 0) {
      return false;
    }
    sent[i] = response.write(Buffer.buffer(piece.slice(0, count)));
    return true;
  }

  private static void await(Future<?> sent) throws IOException {
    try {
      sent.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IOException("The client has gone", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while sending", e);
    }
  }

  /** Vert.x does not count references, so a piece is freed when it has gone out or never will. */
  private void release() {
    for (int i = 0; i < PIECES; i++) {
      ByteBuf piece = pieces[i];
      sent[i].onComplete(done -> piece.release());
    }
  }
}
