package dev.skep.testkit.tier;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A contract once more, on a server that the same driver passes it on already, such as with TLS:
 * only what is {@link Essential} of its nested classes, and all of it in {@code ./skep test soak}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(TierCondition.class)
public @interface EssentialOutsideSoak {}
