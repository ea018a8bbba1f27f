package dev.skep.api.rest;

import dev.skep.common.SkepException;
import dev.skep.domain.Precondition;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes ETags (RFC 9110 sections 8.8.3, 13.1); a header costs what its length is. */
public final class Preconditions {

  private static final String WEAK = "W/";

  /** No tag is written so; it stands for an empty list, a condition that nothing meets. */
  private static final List<String> NONE = List.of("\"\"");

  private Preconditions() {}

  /**
   * The conditions of a write; If-Match compares strongly, so weak tags in it never match. Of a tag
   * of JSON only the revision counts.
   */
  public static Precondition of(HttpHeaders headers) {
    return new Precondition(
        revisions(tags(headers, HttpHeaders.IF_MATCH, true)),
        revisions(tags(headers, HttpHeaders.IF_NONE_MATCH, false)));
  }

  private static List<String> revisions(List<String> tags) {
    return tags.stream().map(RepresentationTag::revision).toList();
  }

  /** The conditions of a read: If-None-Match is answered with 304 there, not with 412. */
  public static Precondition ofRead(HttpHeaders headers) {
    return new Precondition(tags(headers, HttpHeaders.IF_MATCH, true), List.of());
  }

  /** Whether the client already has what it asks for, so that 304 is the answer. */
  public static boolean notModified(HttpHeaders headers, String current) {
    List<String> tags = tags(headers, HttpHeaders.IF_NONE_MATCH, false);
    return tags.contains("*") || tags.contains(current);
  }

  public static String quote(String tag) {
    return "\"" + tag + "\"";
  }

  private static List<String> tags(HttpHeaders headers, String header, boolean strong) {
    @Nullable List<String> values = headers.getRequestHeader(header);
    if (values == null || values.isEmpty()) {
      return List.of();
    }
    String value = String.join(",", values).strip();
    List<String> tags = value.equals("*") ? List.of("*") : list(value, header, strong);
    return tags.isEmpty() ? NONE : tags;
  }

  /** Empty elements are none (RFC 9110 section 5.6.1.2). */
  private static List<String> list(String value, String header, boolean strong) {
    List<String> tags = new ArrayList<>();
    int at = 0;
    while (at < value.length()) {
      if (isSpace(value, at) || value.charAt(at) == ',') {
        at++;
        continue;
      }
      boolean weak = value.startsWith(WEAK, at);
      int opening = weak ? at + WEAK.length() : at;
      int closing = closingQuote(value, opening, header);
      String tag = value.substring(opening + 1, closing);
      // A weak tag in a strong comparison matches nothing, but is a condition all the same.
      tags.add(strong && weak ? WEAK + tag : tag);
      at = nextElement(value, closing + 1, header);
    }
    return tags;
  }

  private static int closingQuote(String value, int opening, String header) {
    if (opening >= value.length() || value.charAt(opening) != '"') {
      throw malformed(header);
    }
    for (int at = opening + 1; at < value.length(); at++) {
      char next = value.charAt(at);
      if (next == '"') {
        return at;
      }
      if (next <= ' ' || next == 0x7f) {
        throw malformed(header);
      }
    }
    throw malformed(header);
  }

  /** The comma behind an element, or the end. */
  private static int nextElement(String value, int from, String header) {
    int at = from;
    while (at < value.length() && isSpace(value, at)) {
      at++;
    }
    if (at < value.length() && value.charAt(at) != ',') {
      throw malformed(header);
    }
    return at;
  }

  private static boolean isSpace(String value, int at) {
    return value.charAt(at) == ' ' || value.charAt(at) == '\t';
  }

  private static SkepException malformed(String header) {
    return SkepException.field(header, "must be * or a list of ETags in double quotes");
  }
}
