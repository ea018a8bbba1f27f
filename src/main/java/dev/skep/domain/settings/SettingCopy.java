package dev.skep.domain.settings;

import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The last known settings, kept in {@code sql} for a start while {@code config} is down. */
@Singleton
class SettingCopy {

  private static final int LIMIT = 1000;

  private final SqlStore sql;

  SettingCopy(SqlStore sql) {
    this.sql = sql;
  }

  Map<Setting, Known> read() {
    Map<Setting, Known> known = new EnumMap<>(Setting.class);
    sql.read(tx -> tx.query(SettingSql.COPIES, LIMIT))
        .forEach(
            row ->
                Setting.of(row.text("setting_key"))
                    .ifPresent(setting -> known.put(setting, copied(row))));
    return known;
  }

  private static Known copied(Row row) {
    return new Known(row.text("value"), row.number("revision"), null);
  }

  /**
   * Replaces the copy by the whole state of the store, as a replica finds it when it begins to
   * follow: whatever the revisions are, since the store may be another one than that which the copy
   * was made of.
   */
  void overwrite(Map<Setting, Known> state) {
    write(state, SettingCopy::overwrite);
  }

  /** Brings the copy to a later state of the same store. */
  void write(Map<Setting, Known> state) {
    write(state, SettingCopy::advance);
  }

  /** Stores one setting of the copy if it is there; the rows matched. */
  private interface Update {
    int of(Tx tx, Setting setting, Known entry);
  }

  private void write(Map<Setting, Known> state, Update update) {
    sql.write(
        tx -> {
          // A start on a full disk must not fail for a copy.
          tx.mayUseReserve();
          List.of(Setting.values())
              .forEach(
                  setting -> write(tx, setting, Optional.ofNullable(state.get(setting)), update));
          return state;
        });
  }

  private static void write(Tx tx, Setting setting, Optional<Known> entry, Update update) {
    entry.ifPresentOrElse(
        set -> {
          if (update.of(tx, setting, set) == 0) {
            insert(tx, setting, set);
          }
        },
        () -> tx.update(SettingSql.DELETE_COPY, setting.key()));
  }

  private static int overwrite(Tx tx, Setting setting, Known entry) {
    return tx.update(SettingSql.OVERWRITE_COPY, entry.value(), entry.revision(), setting.key());
  }

  private static int advance(Tx tx, Setting setting, Known entry) {
    return tx.update(
        SettingSql.UPDATE_COPY, entry.value(), entry.revision(), setting.key(), entry.revision());
  }

  private static void insert(Tx tx, Setting setting, Known entry) {
    try {
      tx.update(SettingSql.INSERT_COPY, setting.key(), entry.value(), entry.revision());
    } catch (ConstraintViolation sameOrNewer) {
      // Another replica has copied this revision, or a later one, already.
      return;
    }
  }
}
