package dev.skep;

/**
 * What Skep promises that the technologies below it do not give by themselves. A test that proves
 * one carries its name as a JUnit tag, such as {@code @Tag("P8")}; the table at the end of {@code
 * ./skep test} fails when one has none that passed. The numbers never change.
 */
enum Promise {
  P1("an acknowledged write survives a power cut"),
  P2("full disks and failed forces lose nothing"),
  P3("a workspace's changes are in one order"),
  P4("names, keys and statements mean the same on every database"),
  P5("moves are one row, and depth has limits"),
  P6("no blob is deleted that something names"),
  P8("a withdrawn right is refused from the next request"),
  P9("the real rights are those of the rule"),
  P10("one transaction is one outbox row, without a gap"),
  P11("fencing tokens never go back"),
  P12("a lease is taken over in time, and believed by one"),
  P15("a watch of the configuration misses nothing"),
  P16("the cache may lose everything at any time"),
  P17("SQLite never holds up a virtual thread"),
  P18("SQL over a network ends in time, with a known outcome"),
  P20("an S3 that cannot do what is needed is refused"),
  P23("replicas that do not fit together are refused"),
  P24("a repeated request happens once"),
  P25("hostile input costs a bounded amount"),
  P26("a frozen store does not freeze the rest");

  private final String text;

  Promise(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
