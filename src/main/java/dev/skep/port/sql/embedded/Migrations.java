package dev.skep.port.sql.embedded;

import dev.skep.port.sql.SchemaSteps;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.resource.StringResource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/** The steps of the schema, and how Flyway is made to do them. */
public record Migrations(String folder, List<String> files) {

  /** The schema of this artefact; a test compares it with the folder. */
  public static final Migrations DRIVE = new Migrations("db/sqlite", List.of("V1__drive.sql"));

  public Migrations {
    files = List.copyOf(files);
  }

  /** The number of the last step. */
  public long newest() {
    return steps().newest();
  }

  /**
   * Brings the database to the newest step.
   *
   * @return the number of the step it was at before; 0 for a new database
   * @throws NewerSchema when a step was done that this artefact does not know; nothing is changed
   */
  long apply(Path file, SqliteConnection connection) throws SQLException {
    long done = done(connection);
    if (done > newest()) {
      throw new NewerSchema(done, newest());
    }
    // Flyway's own check of an unchanged schema costs hundreds of milliseconds at every start.
    if (done < newest()) {
      Flyway.configure(getClass().getClassLoader())
          .dataSource(dataSource(file))
          .resourceProvider(new Listed(this))
          .javaMigrationClassProvider(List::of)
          .locations(new String[0])
          .load()
          .migrate();
    }
    return done;
  }

  private static long done(SqliteConnection connection) throws SQLException {
    boolean isNew =
        connection
            .value("SELECT count(*) FROM sqlite_master WHERE name = 'flyway_schema_history'")
            .equals("0");
    if (isNew) {
      return 0;
    }
    return Long.parseLong(
        connection.value(
            "SELECT coalesce(max(CAST(version AS INTEGER)), 0) FROM flyway_schema_history WHERE success = 1"));
  }

  private static SQLiteDataSource dataSource(Path file) {
    SQLiteConfig config = SqliteConnection.config();
    config.setSynchronous(SynchronousMode.FULL);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl(SqliteConnection.url(file));
    return source;
  }

  /** The database is at a step that this artefact does not know. */
  static final class NewerSchema extends RuntimeException {

    final long found;
    final long known;

    NewerSchema(long found, long known) {
      super("schema " + found + " is newer than " + known);
      this.found = found;
      this.known = known;
    }
  }

  /** Gives Flyway exactly the listed files. */
  private record Listed(Migrations migrations) implements ResourceProvider {

    @Override
    public @Nullable LoadableResource getResource(String name) {
      return migrations.files.contains(name) ? new Step(name, migrations.text(name)) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      return migrations.files.stream()
          .filter(
              name ->
                  name.startsWith(prefix) && List.of(suffixes).stream().anyMatch(name::endsWith))
          .<LoadableResource>map(name -> new Step(name, migrations.text(name)))
          .toList();
    }
  }

  private String text(String name) {
    return steps().text(name);
  }

  private SchemaSteps steps() {
    return new SchemaSteps(folder, files);
  }

  /** A file under its own name; Flyway's own class for texts has none. */
  private static final class Step extends StringResource {

    private final String name;

    Step(String name, String text) {
      super(text);
      this.name = name;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getAbsolutePath() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
