package dev.skep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestTableTest {

  private static final ProvenDriver REDIS = new ProvenDriver("cache", "redis", "");
  private static final ProvenDriver VERSITYGW = new ProvenDriver("objects", "s3", "versitygw");

  @TempDir Path reports;

  @Nested
  class TheLedger {

    @Test
    void showsEveryServerThatADriverWasProvenOn() throws Exception {
      ledger(
          """
          server|dev.skep.port.cache.redis.RedisTest|cache|redis|Redis 7.0.15
          passed|dev.skep.port.cache.redis.RedisTest|Reading.one
          passed|dev.skep.port.cache.redis.RedisTest|Reading.two
          server|dev.skep.port.cache.redis.ClusterTest|cache|redis|Redis 7.0.15, cluster of three
          passed|dev.skep.port.cache.redis.ClusterTest|Reading.one
          server|dev.skep.port.cache.redis.FaultsTest|cache|redis|Redis 7.0.15
          server|dev.skep.port.cache.redis.FaultsTest|cache|redis|Redis 7.0.15
          passed|dev.skep.port.cache.redis.FaultsTest|frozen
          passed|dev.skep.port.cache.redis.BreakerTest|opens
          passed|dev.skep.port.cache.embedded.EmbeddedTest|Reading.one
          passed|dev.skep.domain.PathTest|three
          skipped|dev.skep.domain.MariaDbTest|four|no mariadbd on this machine
          unproven|dev.skep.FuzzTest|api|fuzz|no Python
          end
          """);

      TestTable table = table();

      assertThat(table.isGood()).isTrue();
      assertThat(table.text())
          .isEqualTo(
              """
              Skipped, and why:
                dev.skep.domain.MariaDbTest.four: no mariadbd on this machine

              port         driver     server                                       tests passed
              api          fuzz                                                    not proven here: no Python
              cache        embedded   in this process                              1
              cache        redis      (none needed)                                1
              cache        redis      Redis 7.0.15                                 3
              cache        redis      Redis 7.0.15, cluster of three               1

              7 passed, 0 failed, 1 skipped
              """);
    }

    @Test
    void countsTheTestsOfAClassForEachPortThatItNames() throws Exception {
      ledger(
          """
          server|dev.skep.port.etcd.EtcdClusterTest|config|etcd|etcd 3.4.23, three members
          server|dev.skep.port.etcd.EtcdClusterTest|registry|etcd|etcd 3.4.23, three members
          passed|dev.skep.port.etcd.EtcdClusterTest|one
          passed|dev.skep.port.etcd.EtcdClusterTest|two
          end
          """);

      assertThat(table().text())
          .contains("config       etcd       etcd 3.4.23, three members                   2\n")
          .contains("registry     etcd       etcd 3.4.23, three members                   2\n");
    }

    @Test
    void aClassOfADriverThatDoesNotNameItsServerIsNotGood() throws Exception {
      ledger(
          """
          tagged|dev.skep.port.cache.redis.RedisTest
          passed|dev.skep.port.cache.redis.RedisTest|one
          end
          """);

      assertThat(table().isGood()).isFalse();
      assertThat(table().text())
          .contains("dev.skep.port.cache.redis.RedisTest: does not print the server it ran on");
    }

    @Test
    void aFailureAndASkipWithoutAReasonAreNotGood() throws Exception {
      ledger(
          """
          passed|dev.skep.ATest|works
          failed|dev.skep.ATest|Nested.fails
          skipped|dev.skep.ATest|silent|
          failed|dev.skep.BTest|
          end
          """);

      assertThat(table().isGood()).isFalse();
      assertThat(table().text())
          .isEqualTo(
              """
              Not right:
                dev.skep.ATest.Nested.fails: failed
                dev.skep.ATest.silent: skipped without a reason
                dev.skep.BTest: failed

              1 passed, 2 failed, 1 skipped
              """);
    }

    @Test
    void anEndInTheMiddleIsNotGood() throws Exception {
      ledger("passed|dev.skep.ATest|works\n");

      assertThat(table().isGood()).isFalse();
      assertThat(table().text()).contains("the tests ended in the middle", "dev.skep.ATest");
    }
  }

  @Nested
  class WhatMustBeProven {

    @Test
    void isGoodWhenItWas() throws Exception {
      ledger(
          """
          server|dev.skep.port.cache.redis.RedisTest|cache|redis|Redis 7.0.15
          passed|dev.skep.port.cache.redis.RedisTest|one
          server|dev.skep.port.objects.s3.AContractTest|objects|s3|versitygw 1.8.0, TLS
          passed|dev.skep.port.objects.s3.AContractTest|one
          end
          """);
      TestTable table = table();

      table.demand(List.of(REDIS, VERSITYGW), false);

      assertThat(table.isGood()).isTrue();
    }

    @Test
    void isNotGoodOnAnotherServerOrWithoutOne() throws Exception {
      ledger(
          """
          passed|dev.skep.port.cache.redis.BreakerTest|one
          server|dev.skep.port.objects.s3.AContractTest|objects|s3|s3proxy 4.1.0
          passed|dev.skep.port.objects.s3.AContractTest|one
          skipped|dev.skep.port.objects.s3.BContractTest||versitygw could not be built
          server|dev.skep.port.cache.redis.RedisTest|cache|redis|Redis 7.0.15
          failed|dev.skep.port.cache.redis.RedisTest|one
          end
          """);
      TestTable table = table();

      table.demand(List.of(REDIS, VERSITYGW), false);

      assertThat(table.isGood()).isFalse();
      assertThat(table.text())
          .contains(
              "cache redis: not proven on a server here: no test that passed has named it",
              "objects s3 versitygw: not proven on a server here: versitygw could not be built");
    }

    @Test
    void isToldOnlyWhereThatIsAllowed() throws Exception {
      ledger(
          """
          skipped|dev.skep.port.cache.redis.RedisTest||no redis-server on this machine
          passed|dev.skep.ATest|one
          end
          """);
      TestTable table = table();

      table.demand(List.of(REDIS), true);

      assertThat(table.isGood()).isTrue();
      assertThat(table.text())
          .contains(
              """
              Not proven, which SKEP_TEST_ALLOW_UNPROVEN allows:
                cache redis: not proven on a server here: no redis-server on this machine
              """);
    }

    @Test
    void mayBeAServerOfSeveralThatThisMachineHas() throws Exception {
      ledger(
          """
          server|dev.skep.port.sql.mysql.AContractTest|sql|mysql|MariaDB 10.11.14
          passed|dev.skep.port.sql.mysql.AContractTest|one
          unproven|dev.skep.port.sql.mysql.BContractTest|sql|mysql|no MySQL: it could not be fetched
          skipped|dev.skep.port.sql.mysql.BContractTest||no MySQL: it could not be fetched
          end
          """);
      TestTable onEither = table();
      TestTable onBoth = table();

      onEither.demand(List.of(ProvenDriver.named("sql mysql MariaDB")), false);
      onBoth.demand(List.of(ProvenDriver.named("sql mysql MySQL")), false);

      assertThat(onEither.isGood()).isTrue();
      assertThat(onEither.text())
          .containsPattern("sql +mysql +not proven here: no MySQL: it could not be fetched\n")
          .containsPattern("sql +mysql +MariaDB 10.11.14 +1\n");
      assertThat(onBoth.isGood()).isFalse();
      assertThat(onBoth.text())
          .contains("sql mysql MySQL: not proven on a server here: no MySQL: it could not be");
      assertThatIllegalArgumentException().isThrownBy(() -> ProvenDriver.named("sql mysql"));
    }

    @Test
    void isEachDriverThatHasAFolder() throws Exception {
      for (String each : List.of("cache/redis", "cache/embedded", "objects/s3", "etcd")) {
        Files.createDirectories(reports.resolve("port").resolve(each));
      }

      assertThat(ProvenDriver.allBelow(reports.resolve("port")))
          .containsExactly(REDIS, new ProvenDriver("objects", "s3", "s3proxy"), VERSITYGW);
      assertThat(ProvenDriver.allBelow(Path.of("src", "main", "java", "dev", "skep", "port")))
          .contains(REDIS, VERSITYGW, new ProvenDriver("config", "etcd", ""));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ProvenDriver.allBelow(reports.resolve("port").resolve("etcd")));
    }
  }

  @Nested
  class TheReportsOfSurefire {

    @Test
    void giveTheReasonOfASkipAsMessageOrAsText() throws Exception {
      report(
          """
          <testsuite>
            <testcase classname="dev.skep.ATest" name="works"/>
            <testcase classname="dev.skep.ATest" name="disabled">
              <skipped message="&#10; no strace&#10;on this machine"/>
            </testcase>
            <testcase classname="dev.skep.ATest" name="aborted">
              <skipped type="org.opentest4j.TestAbortedException"><![CDATA[
          org.opentest4j.TestAbortedException: no room: none at all
              at dev.skep.ATest.aborted(ATest.java:1)
          ]]></skipped>
            </testcase>
            <system-out>noise
          [unproven] api fuzz no Python
          </system-out>
          </testsuite>
          """);

      assertThat(table().isGood()).isTrue();
      assertThat(table().text())
          .isEqualTo(
              """
              Skipped, and why:
                dev.skep.ATest.aborted: no room: none at all
                dev.skep.ATest.disabled: no strace

              port         driver     server                                       tests passed
              api          fuzz                                                    not proven here: no Python

              1 passed, 0 failed, 2 skipped
              """);
    }

    @Test
    void areNotGoodWithASkipWithoutAReason() throws Exception {
      report(
          """
          <testsuite>
            <testcase classname="dev.skep.ATest" name="works"/>
            <testcase classname="dev.skep.ATest" name="silent"><skipped/></testcase>
            <testcase classname="dev.skep.ATest" name="mute">
              <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException
              at dev.skep.ATest.mute(ATest.java:1)]]></skipped>
            </testcase>
          </testsuite>
          """);

      assertThat(table().isGood()).isFalse();
      assertThat(table().text())
          .isEqualTo(
              """
              Not right:
                dev.skep.ATest.mute: skipped without a reason
                dev.skep.ATest.silent: skipped without a reason

              1 passed, 0 failed, 2 skipped
              """);
    }

    @Test
    void areNotGoodWithAFailure() throws Exception {
      report(
          """
          <testsuite>
            <testcase classname="dev.skep.ATest" name="works"/>
            <testcase classname="dev.skep.ATest" name="fails"><failure>no</failure></testcase>
            <testcase classname="dev.skep.ATest" name="breaks"><error>no</error></testcase>
          </testsuite>
          """);

      assertThat(table().isGood()).isFalse();
      assertThat(table().text()).endsWith("1 passed, 2 failed, 0 skipped\n");
    }
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

  /** Writes it; a bar stands for a tab. */
  private void ledger(String lines) throws IOException {
    Files.writeString(reports.resolve("ledger.tsv"), lines.replace('|', '\t'));
  }

  private void report(String xml) throws IOException {
    Files.writeString(reports.resolve("TEST-a.xml"), xml);
  }
}
