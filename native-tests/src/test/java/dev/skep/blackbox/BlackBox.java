package dev.skep.blackbox;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of the {@link Skep} that all such tests of a run share; its constructor takes it. Tests
 * use names of their own ({@link Names}) and leave alone what they have not made.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(SharedSkep.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public @interface BlackBox {}
