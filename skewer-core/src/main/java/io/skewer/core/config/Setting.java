package io.skewer.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Default and meaning of one key, beside its field. The key is the component's name in snake_case.
 *
 * <p>From this one place come the binding and its checks, {@code default-config}, and the test of {@code skewer.example.toml}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The default, in TOML syntax: {@code "30s"} is written {@code "\"30s\""}, a list {@code "[1514]"}. */
    String value();

    /** One or two sentences for the operator. */
    String about();

    /** Smallest number, or nanoseconds of the shortest duration. */
    long min() default Long.MIN_VALUE;

    /** Largest number, or nanoseconds of the longest duration. */
    long max() default Long.MAX_VALUE;

    /** The only values allowed, when the list is not empty; compared without regard to case. */
    String[] oneOf() default {};

    /** A number of bytes: may also be written as text with a unit, {@code "64MiB"}. */
    boolean size() default false;

    /** Never printed, never logged, sent only over sealed links. */
    boolean secret() default false;
}
