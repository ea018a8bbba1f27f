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
    void showsHowMuchOfItsContractADriverPassedOnEachServer() throws Exception {
      ledger(
          """
          server|dev.skep.port.cache.redis.RedisTest|cache|redis|Redis 7.0.15
          passed|dev.skep.port.cache.redis.RedisTest|Entries.one|dev.skep.port.cache.CacheStoreContract$Entries|server
          passed|dev.skep.port.cache.redis.RedisTest|Entries.two|dev.skep.port.cache.CacheStoreContract$Entries|server
          passed|dev.skep.port.cache.redis.RedisTest|isFast|dev.skep.port.cache.redis.RedisTest|server
          server|dev.skep.port.cache.redis.TlsTest|cache|redis|Redis 7.0.15, TLS
          passed|dev.skep.port.cache.redis.TlsTest|Entries.one|dev.skep.port.cache.CacheStoreContract$Entries|server
          skipped|dev.skep.port.cache.redis.TlsTest|Entries.two|dev.skep.port.cache.CacheStoreContract$Entries|left to ./skep test soak
          server|dev.skep.port.cache.redis.FaultsTest|cache|redis|Redis 7.0.15
          server|dev.skep.port.cache.redis.FaultsTest|cache|redis|Redis 7.0.15
          passed|dev.skep.port.cache.redis.FaultsTest|frozen|dev.skep.port.cache.redis.FaultsTest|P12,server
          passed|dev.skep.port.cache.redis.BreakerTest|opens|dev.skep.port.cache.redis.BreakerTest|
          passed|dev.skep.port.cache.embedded.EmbeddedTest|Entries.one|dev.skep.port.cache.CacheStoreContract$Entries|
          passed|dev.skep.domain.PathTest|three|dev.skep.domain.PathTest|P12
          skipped|dev.skep.domain.MariaDbTest|four|dev.skep.domain.MariaDbTest|no mariadbd on this machine
          unproven|dev.skep.FuzzTest|api|fuzz|no Python
          end
          """);

      TestTable table = table();

      assertThat(table.isGood()).isTrue();
      assertThat(table.text().replaceAll(" +\n", "\n"))
          .isEqualTo(
              """
              Left to ./skep test soak:
                dev.skep.port.cache.redis.TlsTest: 1

              Skipped, and why:
                dev.skep.domain.MariaDbTest.four: no mariadbd on this machine

              port         driver     server                                       contract     other tests
              api          fuzz                                                    not proven here: no Python
              cache        embedded   in this process                              1 of 2       0
              cache        redis      (none needed)                                             1
              cache        redis      Redis 7.0.15                                 2 of 2       2
              cache        redis      Redis 7.0.15, TLS                            1 of 2       0

              P12  a lease is taken over in time, and believed by one           FaultsTest 1, PathTest 1

              8 passed, 0 failed, 1 skipped
              """);
    }

    @Test
    void isOfAsManyProcessesAsThereWere() throws Exception {
      ledger("passed|dev.skep.ATest|one|dev.skep.ATest|\nend\n");
      Files.writeString(
          reports.resolve("ledger-2.tsv"), "passed\tdev.skep.BTest\tone\tdev.skep.BTest\t\nend\n");

      assertThat(table().isGood()).isTrue();
      assertThat(table().text()).isEqualTo("2 passed, 0 failed, 0 skipped\n");
    }

    @Test
    void countsTheTestsOfAClassForEachPortThatItNames() throws Exception {
      ledger(
          """
          server|dev.skep.port.etcd.EtcdClusterTest|config|etcd|etcd 3.4.23, three members
          server|dev.skep.port.etcd.EtcdClusterTest|registry|etcd|etcd 3.4.23, three members
          passed|dev.skep.port.etcd.EtcdClusterTest|one|dev.skep.port.etcd.EtcdClusterTest|
          passed|dev.skep.port.etcd.EtcdClusterTest|two|dev.skep.port.etcd.EtcdClusterTest|
          end
          """);

      assertThat(table().text())
          .containsPattern("config +etcd +etcd 3.4.23, three members +2\n")
          .containsPattern("registry +etcd +etcd 3.4.23, three members +2\n");
    }

    @Test
    void aClassOfADriverThatDoesNotNameItsServerIsNotGood() throws Exception {
      ledger(
          """
          passed|dev.skep.port.cache.redis.RedisTest|one|dev.skep.port.cache.redis.RedisTest|server
          end
          """);

      assertThat(table().isGood()).isFalse();
      assertThat(table().text())
          .contains("dev.skep.port.cache.redis.RedisTest: does not print the server it ran on");
    }

    @Test
    void aContractOnTwoServersInOneClassIsNotGood() throws Exception {
      ledger(
          """
          server|dev.skep.port.cache.redis.RedisTest|cache|redis|Redis 7.0.15
          server|dev.skep.port.cache.redis.RedisTest|cache|redis|Redis 8.0.0
          passed|dev.skep.port.cache.redis.RedisTest|Entries.one|dev.skep.port.cache.CacheStoreContract$Entries|server
          end
          """);

      assertThat(table().isGood()).isFalse();
      assertThat(table().text()).contains("runs the contract of cache, so it must name one server");
    }

    @Test
    void aFailureAndASkipWithoutAReasonAreNotGood() throws Exception {
      ledger(
          """
          passed|dev.skep.ATest|works|dev.skep.ATest|
          failed|dev.skep.ATest|Nested.fails|dev.skep.ATest$Nested|
          skipped|dev.skep.ATest|silent|dev.skep.ATest|
          failed|dev.skep.BTest||dev.skep.BTest|
          skipped|dev.skep.CTest||dev.skep.CTest|
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
                dev.skep.CTest: skipped without a reason

              1 passed, 2 failed, 2 skipped
              """);
    }

    @Test
    void anEndInTheMiddleIsNotGood() throws Exception {
      ledger("passed|dev.skep.ATest|works|dev.skep.ATest|\n");

      assertThat(table().isGood()).isFalse();
      assertThat(table().text()).contains("the tests ended in the middle", "dev.skep.ATest");
    }

    @Test
    void aProjectWithoutOneIsNotGood() throws Exception {
      ledger("passed|dev.skep.ATest|works|dev.skep.ATest|\nend\n");
      TestTable table = table();

      table.read(reports.resolve("absent"));

      assertThat(table.isGood()).isFalse();
      assertThat(table.text()).contains("no ledger of tests in " + reports.resolve("absent"));
    }

    @Test
    void callsWhatIsLeftToTheSoakAsTheTestsDo() throws Exception {
      assertThat(Files.readString(Path.of("src/test/java/dev/skep/testkit/tier/Tier.java")))
          .contains('"' + TestTable.LEFT + '"');
    }
  }

  @Nested
  class WhatMustBeProven {

    @Test
    void isGoodWhenItWas() throws Exception {
      ledger(
          """
          server|dev.skep.port.cache.redis.RedisTest|cache|redis|Redis 7.0.15
          passed|dev.skep.port.cache.redis.RedisTest|One.one|dev.skep.port.cache.CacheStoreContract$One|server
          server|dev.skep.port.objects.s3.AContractTest|objects|s3|versitygw 1.8.0, TLS
          passed|dev.skep.port.objects.s3.AContractTest|One.one|dev.skep.port.objects.ObjectStoreContract$One|server
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
          passed|dev.skep.port.cache.redis.BreakerTest|one|dev.skep.port.cache.redis.BreakerTest|
          server|dev.skep.port.objects.s3.AContractTest|objects|s3|s3proxy 4.1.0
          passed|dev.skep.port.objects.s3.AContractTest|One.one|dev.skep.port.objects.ObjectStoreContract$One|server
          skipped|dev.skep.port.objects.s3.BContractTest||x|versitygw could not be built
          server|dev.skep.port.cache.redis.RedisTest|cache|redis|Redis 7.0.15
          failed|dev.skep.port.cache.redis.RedisTest|One.one|dev.skep.port.cache.CacheStoreContract$One|server
          server|dev.skep.port.cache.redis.FaultsTest|cache|redis|Redis 7.0.15
          passed|dev.skep.port.cache.redis.FaultsTest|frozen|dev.skep.port.cache.redis.FaultsTest|server
          end
          """);
      TestTable table = table();

      table.demand(List.of(REDIS, VERSITYGW), false);

      assertThat(table.isGood()).isFalse();
      assertThat(table.text())
          .contains(
              "cache redis: not proven on a server here: no contract that passed has named it",
              "objects s3 versitygw: not proven on a server here: versitygw could not be built");
    }

    @Test
    void isNotGoodWhereAPartOfTheContractDidNotRun() throws Exception {
      ledger(
          """
          passed|dev.skep.port.cache.embedded.ATest|One.one|dev.skep.port.cache.CacheStoreContract$One|
          passed|dev.skep.port.cache.embedded.ATest|Two.two|dev.skep.port.cache.CacheStoreContract$Two|
          passed|dev.skep.port.cache.embedded.ATest|Six.six|dev.skep.port.cache.CacheStoreContract$Six|
          server|dev.skep.port.cache.redis.RedisTest|cache|redis|Redis 7.0.15
          passed|dev.skep.port.cache.redis.RedisTest|One.one|dev.skep.port.cache.CacheStoreContract$One|server
          skipped|dev.skep.port.cache.redis.RedisTest|Two.two|dev.skep.port.cache.CacheStoreContract$Two|left to ./skep test soak
          skipped|dev.skep.port.cache.redis.RedisTest|Six.six|dev.skep.port.cache.CacheStoreContract$Six|it cannot be filled
          end
          """);
      TestTable table = table();

      table.demand(List.of(REDIS), false);

      assertThat(table.isGood()).isFalse();
      assertThat(table.text())
          .contains("cache redis Redis 7.0.15: no test passed of the contract's [Two]\n");
    }

    @Test
    void isEachPromise() throws Exception {
      ledger("passed|dev.skep.ATest|one|dev.skep.ATest|P1,P23\nend\n");
      TestTable table = table();

      table.demandPromises();

      assertThat(table.isGood()).isFalse();
      assertThat(table.text())
          .contains("P2: no test passed that proves it (full disks")
          .doesNotContain("P1: no test", "P23: no test");
    }

    @Test
    void isToldOnlyWhereThatIsAllowed() throws Exception {
      ledger(
          """
          skipped|dev.skep.port.cache.redis.RedisTest||x|no redis-server on this machine
          passed|dev.skep.ATest|one|dev.skep.ATest|
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
          passed|dev.skep.port.sql.mysql.AContractTest|One.one|dev.skep.port.sql.SqlStoreContract$One|server
          unproven|dev.skep.port.sql.mysql.BContractTest|sql|mysql|no MySQL: it could not be fetched
          skipped|dev.skep.port.sql.mysql.BContractTest||x|no MySQL: it could not be fetched
          end
          """);
      TestTable onEither = table();
      TestTable onBoth = table();

      onEither.demand(List.of(ProvenDriver.named("sql mysql MariaDB")), false);
      onBoth.demand(List.of(ProvenDriver.named("sql mysql MySQL")), false);

      assertThat(onEither.isGood()).isTrue();
      assertThat(onEither.text())
          .containsPattern("sql +mysql +not proven here: no MySQL: it could not be fetched *\n")
          .containsPattern("sql +mysql +MariaDB 10.11.14 +1 of 1 +0\n");
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

  @Test
  void noTestAtAllIsNotGood() throws Exception {
    assertThat(table().isGood()).isFalse();
  }

  private TestTable table() throws Exception {
    TestTable table = new TestTable();
    table.read(reports);
    return table;
  }

  /** Writes it; a bar stands for a tab. */
  private void ledger(String lines) throws IOException {
    Files.writeString(reports.resolve("ledger-1.tsv"), lines.replace('|', '\t'));
  }
}
