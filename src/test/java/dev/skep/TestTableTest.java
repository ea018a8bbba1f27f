package dev.skep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestTableTest {

  @TempDir Path reports;

  @Test
  void showsWhatWasProvenForEachDriverAndWhyNot() throws Exception {
    report(
        """
        <testsuite>
          <testcase classname="dev.skep.port.sql.embedded.EmbeddedSqlStoreTest$Reading" name="one"/>
          <testcase classname="dev.skep.port.sql.embedded.EmbeddedSqlStoreTest" name="two"/>
          <testcase classname="dev.skep.domain.PathTest" name="three"/>
          <testcase classname="dev.skep.domain.MariaDbTest" name="four">
            <skipped message="no mariadbd on this machine"/>
          </testcase>
          <system-out>noise
        [server] sql embedded SQLite 3.51.3
        [unproven] sql mariadb no mariadbd on this machine
        </system-out>
        </testsuite>
        """);

    Files.writeString(
        reports.resolve("class-counts.tsv"),
        "dev.skep.port.sql.embedded.EmbeddedSqlStoreTest\t2\ndev.skep.domain.PathTest\t1\n");

    TestTable table = table();

    assertThat(table.isGood()).isTrue();
    assertThat(table.text())
        .isEqualTo(
            """
            Skipped, and why:
              dev.skep.domain.MariaDbTest.four: no mariadbd on this machine

            port         driver     server                         tests passed
            sql          embedded   SQLite 3.51.3                  2
            sql          mariadb                                   not proven here: no mariadbd on this machine

            3 passed, 0 failed, 1 skipped
            """);
  }

  @Test
  void aSkipWithoutAReasonIsNotGood() throws Exception {
    report(
        """
        <testsuite>
          <testcase classname="dev.skep.ATest" name="works"/>
          <testcase classname="dev.skep.ATest" name="silent"><skipped/></testcase>
        </testsuite>
        """);

    TestTable table = table();

    assertThat(table.isGood()).isFalse();
    assertThat(table.text())
        .isEqualTo(
            """
            Not right:
              dev.skep.ATest.silent: skipped without a reason

            1 passed, 0 failed, 1 skipped
            """);
  }

  @Test
  void aFailureIsNotGood() throws Exception {
    report(
        """
        <testsuite>
          <testcase classname="dev.skep.ATest" name="works"/>
          <testcase classname="dev.skep.ATest" name="fails"><failure>no</failure></testcase>
          <testcase classname="dev.skep.ATest" name="breaks"><error>no</error></testcase>
        </testsuite>
        """);

    TestTable table = table();

    assertThat(table.isGood()).isFalse();
    assertThat(table.text()).endsWith("1 passed, 2 failed, 0 skipped\n");
  }

  @Test
  void noTestAtAllIsNotGood() throws Exception {
    assertThat(table().isGood()).isFalse();
  }

  private TestTable table() throws Exception {
    TestTable table = new TestTable();
    table.read(reports);
    table.read(reports.resolve("absent"));
    return table;
  }

  private void report(String xml) throws IOException {
    Files.writeString(reports.resolve("TEST-a.xml"), xml);
  }
}
