package dev.skep.port.sql.mysql;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many parameters statements take, counted once for each: the client says it only as one of
 * many texts, after the statement was sent. Thread-safe.
 */
final class Placeholders {

  private final Map<String, Integer> known = new ConcurrentHashMap<>();

  int in(String sql) {
    Integer count = known.get(sql);
    if (count != null) {
      return count;
    }
    int counted = count(sql);
    known.put(sql, counted);
    return counted;
  }

  private static int count(String sql) {
    int count = 0;
    boolean isQuoted = false;
    for (int at = 0; at < sql.length(); at++) {
      char c = sql.charAt(at);
      if (c == '\'') {
        isQuoted = !isQuoted;
      } else if (c == '?' && !isQuoted) {
        count++;
      }
    }
    return count;
  }
}
