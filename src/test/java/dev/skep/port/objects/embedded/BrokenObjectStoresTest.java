package dev.skep.port.objects.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.objects.ObjectStoreContract;
import dev.skep.testkit.ContractRun;
import dev.skep.testkit.ForwardingObjectStore;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each part of the contract notices a store that breaks it. */
class BrokenObjectStoresTest {

  /** A broken driver, and the test that must notice it. */
  private record Catch(Class<?> broken, String test) {

    void assertRed(String part) {
      ContractRun.of(broken, part).assertRed(test);
    }
  }

  private static final Map<String, Catch> BROKEN =
      Map.of(
          "Keys",
          new Catch(OverSlashesAsHyphens.class, "thatLookLikeFolderAndFileDoNotCollide"),
          "Writing",
          new Catch(OverOverwriting.class, "theSecondCommitUnderAKeyIsRefusedAndChangesNothing"),
          "Reading",
          new Catch(OverRangesFromTheStart.class, "aRangeHoldsItsBytesAndNoOthers"),
          "Deleting",
          new Catch(OverKeepingAll.class, "aDeletedBlobIsGoneAlsoAfterARestart"),
          "Listing",
          new Catch(OverNewestFirst.class, "isInBytewiseOrder"),
          "Failures",
          new Catch(OverOneErrorForAll.class, "aFullStoreRefusesUploadsButReadsAndDeletes"));

  static final List<String> PARTS = BROKEN.keySet().stream().sorted().toList();

  @Test
  void thereIsABrokenStoreForEachPart() {
    assertThat(ContractRun.nestedClasses(ObjectStoreContract.class))
        .containsExactlyInAnyOrderElementsOf(PARTS);
  }

  @ParameterizedTest
  @FieldSource("PARTS")
  void eachPartCatchesItsBrokenStore(String part) {
    BROKEN.get(part).assertRed(part);
  }

  @ParameterizedTest
  @FieldSource("PARTS")
  @Tag("slow")
  void eachPartIsGreenOverAWrapperThatBreaksNothing(String part) {
    ContractRun.of(OverNothing.class, part).assertGreen();
  }

  private abstract static class Broken extends EmbeddedObjectStoreTest {
    private final Function<ObjectStore, ObjectStore> breaking;

    Broken(Function<ObjectStore, ObjectStore> breaking) {
      this.breaking = breaking;
    }

    @Override
    protected ObjectStore start() {
      return breaking.apply(super.start());
    }
  }

  static class OverNothing extends Broken {
    OverNothing() {
      super(store -> new ForwardingObjectStore(store) {});
    }
  }

  static class OverSlashesAsHyphens extends Broken {
    OverSlashesAsHyphens() {
      super(
          store ->
              new ForwardingObjectStore(store) {
                @Override
                public Upload create(String key, long length) {
                  return store.create(key.replace('/', '-'), length);
                }

                @Override
                public Download open(String key, long offset, long length) {
                  return store.open(key.replace('/', '-'), offset, length);
                }
              });
    }
  }

  static class OverOverwriting extends Broken {
    OverOverwriting() {
      super(
          store ->
              new ForwardingObjectStore(store) {
                @Override
                public Upload create(String key, long length) {
                  store.delete(key);
                  return store.create(key, length);
                }
              });
    }
  }

  static class OverRangesFromTheStart extends Broken {
    OverRangesFromTheStart() {
      super(
          store ->
              new ForwardingObjectStore(store) {
                @Override
                public Download open(String key, long offset, long length) {
                  return store.open(key, 0, length);
                }
              });
    }
  }

  static class OverKeepingAll extends Broken {
    OverKeepingAll() {
      super(
          store ->
              new ForwardingObjectStore(store) {
                @Override
                public void delete(String key) {}
              });
    }
  }

  static class OverNewestFirst extends Broken {
    OverNewestFirst() {
      super(
          store ->
              new ForwardingObjectStore(store) {
                @Override
                public List<String> list(String prefix, String after, int limit) {
                  return store.list(prefix, after, limit).reversed();
                }
              });
    }
  }

  static class OverOneErrorForAll extends Broken {
    OverOneErrorForAll() {
      super(
          store ->
              new ForwardingObjectStore(store) {
                @Override
                public Upload create(String key, long length) {
                  try {
                    return store.create(key, length);
                  } catch (SkepException e) {
                    throw new SkepException(ErrorCode.UNAVAILABLE, e.detail(), e);
                  }
                }
              });
    }
  }
}
