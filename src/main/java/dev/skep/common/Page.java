package dev.skep.common;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One page of a listing; {@code nextCursor} is absent on the last page. */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

  public Page {
    items = List.copyOf(items);
  }

  public <R> Page<R> map(Function<? super T, ? extends R> change) {
    return new Page<>(items.stream().<R>map(change).toList(), nextCursor);
  }

  /**
   * Makes a page of at most {@code limit} from rows read with {@code limit + 1}.
   *
   * @param position what the cursor must hold to continue after an item
   */
  public static <T> Page<T> of(List<T> rows, PageRequest request, Function<T, String> position) {
    if (rows.size() <= request.limit()) {
      return new Page<>(rows, null);
    }
    List<T> items = rows.subList(0, request.limit());
    return new Page<>(items, Cursor.encode(request.query(), position.apply(items.getLast())));
  }

  /**
   * Makes a page that ends early though more may follow, because enough was looked at.
   *
   * @param position the last that was looked at, shown or not
   */
  public static <T> Page<T> upTo(List<T> items, PageRequest request, String position) {
    return new Page<>(items, Cursor.encode(request.query(), position));
  }
}
