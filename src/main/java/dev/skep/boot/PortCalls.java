package dev.skep.boot;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import jakarta.inject.Singleton;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a port and whoever calls it. A call is refused as {@code unavailable} until
 * the port's driver is open, and from when it is closed; it is timed by operation and outcome, and
 * so is what the port hands out: an upload, a lease. One proxy serves every port, so that a new one
 * needs nothing here (ADR 13).
 */
@Singleton
final class PortCalls {

  private final PortStates states;
  private final PortMetrics metrics;

  PortCalls(PortStates states, PortMetrics metrics) {
    this.states = states;
    this.metrics = metrics;
  }

  /** The driver as its callers get it. */
  <T> T guarded(Port port, Class<T> contract, T driver) {
    return contract.cast(proxy(contract, new Calls(new Timed(port, contract), driver, true)));
  }

  /** For a port whose contract allows calls before it is open: they are timed only. */
  <T> T measured(Port port, Class<T> contract, T driver) {
    return contract.cast(proxy(contract, new Calls(new Timed(port, contract), driver, false)));
  }

  private static Object proxy(Class<?> type, InvocationHandler handler) {
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
  }

  /** The operations of a port and of what it hands out. */
  private final class Timed {

    private final Port port;
    private final Class<?> contract;
    private final ConcurrentMap<Method, PortMetrics.Operation> operations =
        new ConcurrentHashMap<>();

    private Timed(Port port, Class<?> contract) {
      this.port = port;
      this.contract = contract;
    }

    private PortMetrics.Operation of(Method method) {
      PortMetrics.Operation known = operations.get(method);
      return known != null
          ? known
          : operations.computeIfAbsent(method, it -> metrics.operation(port, name(it)));
    }

    private String name(Method method) {
      Class<?> part = method.getDeclaringClass();
      return isPart(part)
          ? part.getSimpleName().toLowerCase(Locale.ROOT) + "." + method.getName()
          : method.getName();
    }

    /** Whether it is an interface within the contract, such as an upload. */
    private boolean isPart(Class<?> type) {
      return type.isInterface() && type.getEnclosingClass() == contract;
    }
  }

  /** The calls of a driver, or of what it has handed out. */
  private final class Calls implements InvocationHandler {

    private final Timed timed;
    private final Object target;
    private final boolean guarded;

    private Calls(Timed timed, Object target, boolean guarded) {
      this.timed = timed;
      this.target = target;
      this.guarded = guarded;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      // toString and its like ask nothing of the store.
      if (method.getDeclaringClass() == Object.class) {
        return call(method, arguments);
      }
      PortMetrics.Operation operation = timed.of(method);
      long began = System.nanoTime();
      try {
        if (guarded) {
          refuseUnlessOpen(timed.port);
        }
        Object result = call(method, arguments);
        operation.took(System.nanoTime() - began, null);
        return result != null && timed.isPart(method.getReturnType())
            ? proxy(method.getReturnType(), new Calls(timed, result, false))
            : result;
      } catch (Throwable e) {
        operation.took(System.nanoTime() - began, e);
        throw e;
      }
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  private void refuseUnlessOpen(Port port) {
    switch (states.of(port)) {
      case PortState.Open open -> {}
      case PortState.Waiting waiting ->
          throw new SkepException(
              ErrorCode.UNAVAILABLE,
              port.word()
                  + ": this replica has not reached it yet and tries again. Repeat the request later");
      case PortState.Closed closed ->
          throw new SkepException(
              ErrorCode.UNAVAILABLE,
              port.word() + ": this replica is stopping. Repeat the request");
    }
  }
}
