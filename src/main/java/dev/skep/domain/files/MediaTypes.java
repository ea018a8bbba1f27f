package dev.skep.domain.files;

import java.net.URLConnection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The media type of a file whose client does not say one: by the end of its name. */
final class MediaTypes {

  static final String UNKNOWN = "application/octet-stream";

  /** What the JDK's own table lacks. */
  private static final Map<String, String> MORE =
      Map.ofEntries(
          Map.entry("avif", "image/avif"),
          Map.entry("csv", "text/csv"),
          Map.entry(
              "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
          Map.entry("epub", "application/epub+zip"),
          Map.entry("flac", "audio/flac"),
          Map.entry("heic", "image/heic"),
          Map.entry("jar", "application/java-archive"),
          Map.entry("json", "application/json"),
          Map.entry("m4a", "audio/mp4"),
          Map.entry("m4v", "video/mp4"),
          Map.entry("md", "text/markdown"),
          Map.entry("mkv", "video/x-matroska"),
          Map.entry("mov", "video/quicktime"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("mp4", "video/mp4"),
          Map.entry("odp", "application/vnd.oasis.opendocument.presentation"),
          Map.entry("ods", "application/vnd.oasis.opendocument.spreadsheet"),
          Map.entry("odt", "application/vnd.oasis.opendocument.text"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("opus", "audio/ogg"),
          Map.entry(
              "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("wav", "audio/wav"),
          Map.entry("webm", "video/webm"),
          Map.entry("webp", "image/webp"),
          Map.entry("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
          Map.entry("yaml", "application/yaml"),
          Map.entry("yml", "application/yaml"));

  private MediaTypes() {}

  static String of(String name) {
    String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    @Nullable String known = name.contains(".") ? MORE.get(end) : null;
    if (known != null) {
      return known;
    }
    // The JDK cuts a name at '#', as in a URL, so it is given the end alone.
    @Nullable String guessed = URLConnection.guessContentTypeFromName("x." + end);
    return guessed == null || !name.contains(".") ? UNKNOWN : guessed;
  }
}
