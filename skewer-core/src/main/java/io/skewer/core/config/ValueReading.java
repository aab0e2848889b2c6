package io.skewer.core.config;

import io.skewer.core.spelling.Spelling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Turns one plain value into the type of its key and holds it against the limits beside the field. */
final class ValueReading {
    /** More brokers or ports than anybody lists. */
    static final int MAX_LIST_LENGTH = 1024;

    private final Problems problems;

    ValueReading(Problems problems) {
        this.problems = problems;
    }

    /** The value for the component, or null when a problem was noted. */
    @Nullable
    Object read(Shape.Key key, Object value, Place place) {
        if (!key.isList()) {
            return single(key, value, place);
        }
        if (!(value instanceof List<?> list)) {
            return refuse(place, "expects a list: write [" + (value instanceof String ? "\"a\", \"b\"" : "1, 2") + "]");
        }
        if (list.size() > MAX_LIST_LENGTH) {
            return refuse(place, "has more than " + MAX_LIST_LENGTH + " elements");
        }
        List<Object> values = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (Object element : list) {
            Problems own = new Problems();
            Object one = new ValueReading(own).single(key, element, place);
            if (one == null) {
                reasons.addAll(own.reasons());
            } else {
                values.add(one);
            }
        }
        problems.add(place, reasons);
        return reasons.isEmpty() ? values : null;
    }

    private @Nullable Object single(Shape.Key key, Object value, Place place) {
        Class<?> kind = key.kind();
        if (kind == boolean.class || kind == Boolean.class) {
            return value instanceof Boolean ? value : refuse(place, "expects true or false" + got(key, value));
        }
        if (kind == int.class || kind == Integer.class) {
            Long number = number(key, value, place);
            return number == null ? null : number.intValue();
        }
        if (kind == long.class || kind == Long.class) {
            return number(key, value, place);
        }
        if (kind == Duration.class) {
            return duration(key, value, place);
        }
        if (kind.isEnum()) {
            return constant(key, value, place);
        }
        if (kind == String.class) {
            return text(key, value, place);
        }
        throw new IllegalStateException("no value of a configuration can be a " + kind);
    }

    private @Nullable Object text(Shape.Key key, Object value, Place place) {
        if (!(value instanceof String text)) {
            return refuse(place, "expects text in quotes" + got(key, value));
        }
        if (text.indexOf('\0') >= 0) {
            return refuse(place, "must not hold the character NUL");
        }
        Setting setting = key.setting();
        if (setting == null || setting.oneOf().length == 0) {
            return text;
        }
        String word = text.strip().toLowerCase(Locale.ROOT);
        List<String> allowed = List.of(setting.oneOf());
        return allowed.contains(word)
                ? word
                : refuse(
                        place,
                        "must be one of " + String.join(", ", allowed) + got(key, value)
                                + Spelling.suggestion(word, allowed));
    }

    private @Nullable Long number(Shape.Key key, Object value, Place place) {
        Setting setting = key.setting();
        boolean isSize = setting != null && setting.size();
        Long number = null;
        if (value instanceof Long given) {
            number = given;
        } else if (isSize && value instanceof String text) {
            OptionalLong parsed = Sizes.parseBytes(text);
            number = parsed.isPresent() ? (Long) parsed.getAsLong() : null;
        }
        if (number == null) {
            refuse(
                    place,
                    (isSize ? "expects a number of bytes, like 65536 or \"64KiB\"" : "expects a whole number")
                            + got(key, value));
            return null;
        }
        boolean isInt = key.kind() == int.class || key.kind() == Integer.class;
        long min =
                Math.max(setting == null ? Long.MIN_VALUE : setting.min(), isInt ? Integer.MIN_VALUE : Long.MIN_VALUE);
        long max =
                Math.min(setting == null ? Long.MAX_VALUE : setting.max(), isInt ? Integer.MAX_VALUE : Long.MAX_VALUE);
        if (number < min || number > max) {
            refuse(place, "must be between " + min + " and " + max + got(key, value));
            return null;
        }
        return number;
    }

    private @Nullable Duration duration(Shape.Key key, Object value, Place place) {
        OptionalLong ns = OptionalLong.empty();
        // Not a switch over types, for the reason in PlainBytes: children read durations.
        if (value instanceof Long given) {
            ns = OptionalLong.of(given);
        } else if (value instanceof String text) {
            ns = Durations.parseNs(text);
        }
        if (ns.isEmpty()) {
            refuse(
                    place,
                    "expects a duration, like \"30s\", \"1m30s\" or a whole number of nanoseconds" + got(key, value));
            return null;
        }
        Setting setting = key.setting();
        long minNs = setting == null ? 0 : Math.max(0, setting.min());
        long maxNs = setting == null ? Long.MAX_VALUE : setting.max();
        if (ns.getAsLong() < minNs || ns.getAsLong() > maxNs) {
            String range = maxNs == Long.MAX_VALUE
                    ? "must be at least " + Durations.text(Duration.ofNanos(minNs))
                    : "must be between " + Durations.text(Duration.ofNanos(minNs)) + " and "
                            + Durations.text(Duration.ofNanos(maxNs));
            // Who leaves out the unit means another one.
            refuse(
                    place,
                    range
                            + got(key, value)
                            + (value instanceof Long ? " nanoseconds; write the unit, like \"30s\" or \"5ms\"" : ""));
            return null;
        }
        return Duration.ofNanos(ns.getAsLong());
    }

    private @Nullable Object constant(Shape.Key key, Object value, Place place) {
        for (Object constant : key.kind().getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(value)) {
                return constant;
            }
        }
        return refuse(place, "is not one of the words known");
    }

    private static String got(Shape.Key key, Object value) {
        Setting setting = key.setting();
        if (setting != null && setting.secret()) {
            return "";
        }
        return ", not "
                + switch (value) {
                    case String text -> Literal.shown(text);
                    case Long number -> number.toString();
                    case Boolean bool -> bool.toString();
                    case Double number -> number.toString();
                    case List<?> ignored -> "a list";
                    case Map<?, ?> ignored -> "a section";
                    default -> "a date";
                };
    }

    private @Nullable Object refuse(Place place, String reason) {
        problems.add(place, reason);
        return null;
    }
}
