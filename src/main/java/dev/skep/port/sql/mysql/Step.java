package dev.skep.port.sql.mysql;

import dev.skep.port.sql.SchemaSteps;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * One step of the schema. Neither engine undoes a change of tables, so a step that was killed half
 * way is run again from its beginning: each of its statements does nothing where it was done
 * before.
 */
final class Step implements JavaMigration {

  private final long number;
  private final String description;
  private final String text;
  private final StepWatch watch;

  private Step(String file, String text, StepWatch watch) {
    this.watch = watch;
    this.number = SchemaSteps.number(file);
    this.description = file.substring(file.indexOf("__") + 2).replace(".sql", "").replace('_', ' ');
    this.text = text;
  }

  static List<Step> of(SchemaSteps steps, StepWatch watch) {
    return steps.files().stream().map(file -> new Step(file, steps.text(file), watch)).toList();
  }

  /** The statements of a file: each ends with a semicolon at the end of a line. */
  static List<String> statements(String text) {
    String code =
        text.lines()
            .filter(line -> !line.startsWith("--"))
            .map(String::stripTrailing)
            .collect(Collectors.joining("\n"));
    return Stream.of(code.split(";(?:\n|$)")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  @Override
  public void migrate(Context context) throws SQLException {
    watch.run(context.getConnection(), statements(text));
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion(Long.toString(number));
  }

  @Override
  public String getDescription() {
    return description;
  }

  @Override
  public Integer getChecksum() {
    CRC32 checksum = new CRC32();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return (int) checksum.getValue();
  }

  @Override
  public boolean canExecuteInTransaction() {
    return false;
  }
}
