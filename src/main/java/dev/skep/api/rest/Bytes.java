package dev.skep.api.rest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The method's body is content, whatever its media type: it is streamed, never read as JSON. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Bytes {}
