package dev.skep.blackbox.cluster.history;

import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/** Does one random thing after the other, with short pauses, until the end. */
final class Player implements Runnable {

  private static final int LONGEST_PAUSE_MILLIS = 60;

  private final Asker asker;
  private final Deeds deeds;
  private final Random random;
  private final long end;
  private final LongAdder done;

  /** What it can do, and with whom. */
  record Deeds(
      Files files,
      Folders folders,
      Administration administration,
      boolean setsTheSetting,
      Sharing own,
      Sharing guestOf) {}

  Player(Asker asker, Deeds deeds, Random random, long end, LongAdder done) {
    this.asker = asker;
    this.deeds = deeds;
    this.random = random;
    this.end = end;
    this.done = done;
  }

  @Override
  public void run() {
    deeds.files().create();
    while (System.nanoTime() < end) {
      act(random.nextInt(100));
      done.increment();
      pause();
    }
  }

  private void act(int chance) {
    if (chance < 10) {
      deeds.files().create();
    } else if (chance < 31) {
      deeds.files().overwrite();
    } else if (chance < 49) {
      deeds.files().read();
    } else if (chance < 56) {
      deeds.files().move();
    } else if (chance < 61) {
      deeds.files().trash();
    } else if (chance < 65) {
      deeds.files().restore();
    } else if (chance < 67) {
      deeds.files().purge();
    } else if (chance < 72) {
      deeds.files().copy();
    } else {
      actWithOthers(chance);
    }
  }

  private void actWithOthers(int chance) {
    if (chance < 74) {
      deeds.folders().makeInMaze();
    } else if (chance < 82) {
      deeds.folders().moveInMaze();
    } else if (chance < 83) {
      deeds.folders().makeDoomed();
    } else if (chance < 90) {
      deeds.folders().actOnDoomed();
    } else if (chance < 92) {
      deeds.own().change(asker);
    } else if (chance < 97) {
      deeds.guestOf().ask(asker);
    } else if (chance < 98) {
      deeds.administration().lookAtUse();
    } else if (deeds.setsTheSetting()) {
      deeds.administration().set();
    } else if (random.nextInt(4) == 0) {
      deeds.administration().makeUser();
    }
  }

  private void pause() {
    try {
      Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
