package dev.skep.testkit.tier;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Of a nested class of a contract, the test that tells most about what carries it. It also runs
 * where the others are left to the soak ({@link EssentialOutsideSoak}).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Essential {}
