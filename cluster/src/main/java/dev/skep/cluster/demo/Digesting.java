package dev.skep.cluster.demo;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.Flow;

/** Takes a body as it comes and keeps only its digest. */
final class Digesting implements Flow.Subscriber<List<ByteBuffer>> {

  private final MessageDigest digest;

  Digesting(MessageDigest digest) {
    this.digest = digest;
  }

  /** To be called when the body is complete. */
  byte[] digest() {
    return digest.digest();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    pieces.forEach(digest::update);
  }

  @Override
  public void onError(Throwable failure) {
    // the client throws it
  }

  @Override
  public void onComplete() {
    // digest() is called next
  }
}
