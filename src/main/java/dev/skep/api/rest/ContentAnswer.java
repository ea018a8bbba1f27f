package dev.skep.api.rest;

import dev.skep.domain.files.Download;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers with the bytes of a content: whole or a range, conditional (RFC 9110). */
final class ContentAnswer {

  private static final String DIGEST = "Repr-Digest";

  /** Up to here one piece of RESTEasy's stream holds it all, with the end of the answer. */
  private static final long SMALL = 64 * 1024;

  /**
   * Beside the policy of every answer: whatever a browser makes of a content, it belongs to no site
   * and runs nothing.
   */
  private static final String HARMLESS = "default-src 'none'; sandbox";

  private static final String UNRESERVED = "!#$&+-.^_`|~";

  private ContentAnswer() {}

  /** The answer to GET, streamed; it owns the opened content until it is written. */
  static Response get(
      HttpServerRequest http, HttpHeaders headers, RequestPermits permits, Download download) {
    if (notModified(headers, download)) {
      return unchanged(download);
    }
    Optional<ByteRange> range = range(headers, download);
    long offset = range.map(ByteRange::offset).orElse(0L);
    long length = range.map(ByteRange::length).orElse(download.size());
    Response.ResponseBuilder response =
        describe(Response.status(range.isPresent() ? 206 : 200), download, length)
            .entity(body(http, permits, download, offset, length));
    range.ifPresent(part -> response.header("Content-Range", part.of(download.size())));
    return response.build();
  }

  /** Opens before the answer begins, so that a store that is down is told as such. */
  private static StreamingOutput body(
      HttpServerRequest http, RequestPermits permits, Download download, long offset, long length) {
    if (length > SMALL) {
      LargeBody.admit(permits);
      ReadableByteChannel content = download.channel(offset, length);
      return unlessDropped(
          http,
          out -> {
            try (content) {
              LargeBody.send(content, length, out, http.response());
            }
          });
    }
    InputStream content = download.open(offset, length);
    return unlessDropped(
        http,
        out -> {
          try (content) {
            content.transferTo(out);
          }
        });
  }

  /**
   * Ends the request of a client that has gone. Left to RESTEasy, the response would be marked as
   * closed before its connection is, and counted as running until the process ends.
   */
  private static StreamingOutput unlessDropped(HttpServerRequest http, StreamingOutput body) {
    return out -> {
      try {
        body.write(out);
      } catch (IOException gone) {
        RequestBody.giveUp(http);
      }
    };
  }

  /** The answer to HEAD: as to GET, without a body; ranges are for GET alone. */
  static Response head(HttpHeaders headers, Download download) {
    return notModified(headers, download)
        ? unchanged(download)
        : describe(Response.ok(), download, download.size()).build();
  }

  private static boolean notModified(HttpHeaders headers, Download download) {
    Preconditions.ofRead(headers).check(download.etag());
    return Preconditions.notModified(headers, download.etag());
  }

  private static Response unchanged(Download download) {
    return Response.notModified()
        .header(HttpHeaders.ETAG, Preconditions.quote(download.etag()))
        .header(HttpHeaders.CACHE_CONTROL, CacheControlFilter.REVALIDATE)
        .build();
  }

  private static Optional<ByteRange> range(HttpHeaders headers, Download download) {
    @Nullable String condition = headers.getHeaderString("If-Range");
    // Only this very content may be continued; a date names none for sure.
    boolean sameContent =
        condition == null || condition.strip().equals(Preconditions.quote(download.etag()));
    return sameContent
        ? ByteRange.of(headers.getHeaderString("Range"), download.size())
        : Optional.empty();
  }

  private static Response.ResponseBuilder describe(
      Response.ResponseBuilder response, Download download, long length) {
    @Nullable String sha256 = download.sha256();
    if (sha256 != null) {
      String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256));
      response.header(DIGEST, "sha-256=:" + base64 + ":");
    }
    return response
        .header(HttpHeaders.CONTENT_TYPE, download.mediaType())
        .header(HttpHeaders.CONTENT_LENGTH, length)
        .header(HttpHeaders.CONTENT_DISPOSITION, disposition(download.name()))
        .header(HttpHeaders.LAST_MODIFIED, ClientTime.lastModified(download.lastModified()))
        .header(HttpHeaders.ETAG, Preconditions.quote(download.etag()))
        .header(HttpHeaders.CACHE_CONTROL, CacheControlFilter.REVALIDATE)
        .header("Content-Security-Policy", HARMLESS)
        .header("Accept-Ranges", "bytes");
  }

  /**
   * As an attachment, with its name in any script (RFC 6266, RFC 8187), and before it the nearest
   * plain name, for programs that know no other.
   */
  static String disposition(String name) {
    StringBuilder encoded =
        new StringBuilder("attachment; filename=\"")
            .append(plain(name))
            .append("\"; filename*=UTF-8''");
    for (byte next : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          next > 0
              && (Character.isLetterOrDigit((char) next) || UNRESERVED.indexOf((char) next) >= 0);
      if (plain) {
        encoded.append((char) next);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(next));
      }
    }
    return encoded.toString();
  }

  private static String plain(String name) {
    StringBuilder plain = new StringBuilder();
    name.codePoints()
        .forEach(
            point -> {
              boolean safe = point >= 0x20 && point < 0x7f && "\"\\%/".indexOf(point) < 0;
              plain.append(safe ? (char) point : '_');
            });
    return plain.toString();
  }
}
