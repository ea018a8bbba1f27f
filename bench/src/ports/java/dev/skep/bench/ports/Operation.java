package dev.skep.bench.ports;

/** What is done again and again, by a driver or by a bare client. */
@FunctionalInterface
interface Operation {

  /**
   * Once; timed.
   *
   * @param caller counts from 0; one caller does one thing at a time
   * @throws Exception when it was not done as it should
   */
  void run(int caller) throws Exception;

  /** Before each time; not timed. */
  default void prepare(int caller) throws Exception {}

  /** After each time; not timed. */
  default void tidy(int caller) throws Exception {}

  /** The same, after which something is put in order; that is not timed. */
  default Operation then(Operation tidy) {
    Operation timed = this;
    return new Operation() {
      @Override
      public void run(int caller) throws Exception {
        timed.run(caller);
      }

      @Override
      public void prepare(int caller) throws Exception {
        timed.prepare(caller);
      }

      @Override
      public void tidy(int caller) throws Exception {
        tidy.run(caller);
      }
    };
  }

  /** The same, before which something is made ready; that is not timed. */
  default Operation after(Operation preparation) {
    Operation timed = this;
    return new Operation() {
      @Override
      public void run(int caller) throws Exception {
        timed.run(caller);
      }

      @Override
      public void prepare(int caller) throws Exception {
        preparation.run(caller);
      }

      @Override
      public void tidy(int caller) throws Exception {
        timed.tidy(caller);
      }
    };
  }
}
