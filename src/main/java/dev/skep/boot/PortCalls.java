package dev.skep.boot;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import jakarta.inject.Singleton;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a port and whoever calls it: a call is refused as {@code unavailable} until
 * the port's driver is open, and from when it is closed. One proxy serves every port, so that a new
 * one needs nothing here (ADR 12).
 */
@Singleton
final class PortCalls {

  private final PortStates states;

  PortCalls(PortStates states) {
    this.states = states;
  }

  /** The driver as its callers get it. */
  <T> T guarded(Port port, Class<T> contract, T driver) {
    return contract.cast(
        Proxy.newProxyInstance(
            contract.getClassLoader(), new Class<?>[] {contract}, new Guard(port, driver)));
  }

  private final class Guard implements InvocationHandler {

    private final Port port;

    private final Object driver;

    private Guard(Port port, Object driver) {
      this.port = port;

      this.driver = driver;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      // toString and its like ask nothing of the store.
      if (method.getDeclaringClass() != Object.class) {
        refuseUnlessOpen();
      }
      try {
        return method.invoke(driver, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    private void refuseUnlessOpen() {
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
}
