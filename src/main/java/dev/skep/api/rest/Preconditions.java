package dev.skep.api.rest;

import dev.skep.common.SkepException;
import dev.skep.domain.Precondition;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes ETags (RFC 9110 sections 8.8.3, 13.1). */
public final class Preconditions {

  private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([^\"\\x00-\\x20\\x7f]*)\"\\s*");

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
    return value.equals("*") ? List.of("*") : list(value, header, strong);
  }

  private static List<String> list(String value, String header, boolean strong) {
    List<String> tags = new ArrayList<>();
    Matcher matcher = TAG.matcher(value);
    int at = 0;
    while (at < value.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw SkepException.field(header, "must be * or a list of ETags in double quotes");
      }
      // A weak tag in a strong comparison matches nothing, but is a condition all the same.
      tags.add(strong && matcher.group(1) != null ? "W/" + matcher.group(2) : matcher.group(2));
      at = matcher.end();
      if (at < value.length() && value.charAt(at++) != ',') {
        throw SkepException.field(header, "must be * or a list of ETags in double quotes");
      }
    }
    return tags;
  }
}
