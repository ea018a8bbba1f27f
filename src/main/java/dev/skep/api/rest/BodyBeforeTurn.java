package dev.skep.api.rest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body at whose end the request takes its turn. */
final class BodyBeforeTurn extends FilterInputStream {

  private final Runnable takeTurn;
  private boolean ended;

  BodyBeforeTurn(InputStream body, Runnable takeTurn) {
    super(body);
    this.takeTurn = takeTurn;
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    if (next < 0) {
      end();
    }
    return next;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = in.read(into, offset, length);
    if (count < 0) {
      end();
    }
    return count;
  }

  private void end() {
    if (!ended) {
      ended = true;
      takeTurn.run();
    }
  }
}
