package io.skewer.core.config;

import io.skewer.core.spelling.Spelling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of plain trees, for files and for links alike.
 *
 * <p>A tree is a Map of names to values; a value is a String, a Long, a Boolean, a List, or a Map again. The binder knows no
 * section by name: what may stand where is read from the components of the record and from their {@link Setting}. It never stops
 * at the first mistake: a value that cannot be used is noted and replaced by its default, so that whatever comes after it is
 * looked at as well. The record that comes out is therefore only to be used when no problem was noted.
 *
 * <p>Only the records themselves may refuse values of the right type by exception, and none of them does so for a default.
 */
final class Binder {
    private static final Pattern BARE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Problems problems;
    private final ValueReading reading;
    private final GoneKeys gone;

    Binder(Problems problems, GoneKeys gone) {
        this.problems = problems;
        this.gone = gone;
        reading = new ValueReading(problems);
    }

    /** The record of that type which the tree describes. */
    Record bind(Class<?> type, Map<?, ?> tree, Place place) {
        Shape shape = new Shape(type);
        refuseUnknown(shape, tree, place);
        return bindKnown(shape, tree, place);
    }

    private Record bindKnown(Shape shape, Map<?, ?> tree, Place place) {
        List<Shape.Key> keys = shape.components();
        Object[] values = new Object[keys.size()];
        for (int i = 0; i < values.length; i++) {
            Shape.Key key = keys.get(i);
            values[i] = key.isFlattened()
                    ? bindKnown(new Shape(key.kind()), tree, place)
                    : value(key, tree.get(key.name()), place);
        }
        return shape.create(values);
    }

    private Object value(Shape.Key key, @Nullable Object value, Place place) {
        if (key.isSection()) {
            return key.isList() ? sections(key, value, place) : section(key, value, place);
        }
        Object given = value == null ? null : reading.read(key, value, place.key(key.name()));
        if (given != null) {
            return given;
        }
        Setting setting = key.setting();
        if (setting != null) {
            Object standard = reading.read(key, Literal.parse(setting.value()), place.key(key.name()));
            if (standard == null) {
                throw new IllegalStateException("the default of " + key.name() + " is not allowed");
            }
            return standard;
        }
        if (value == null) {
            problems.add(place.key(key.name()), "is missing");
        }
        return anything(key);
    }

    /** A value of the right type for a record that nobody will use, because a problem was noted. */
    private static Object anything(Shape.Key key) {
        Class<?> kind = key.kind();
        if (key.isList()) {
            return List.of();
        }
        if (kind == boolean.class) {
            return false;
        }
        if (kind == int.class) {
            return 0;
        }
        if (kind == long.class) {
            return 0L;
        }
        if (kind == Duration.class) {
            return Duration.ZERO;
        }
        return kind.isEnum() ? kind.getEnumConstants()[0] : "";
    }

    private Record section(Shape.Key key, @Nullable Object value, Place place) {
        Place inside = place.section(key.name(), -1);
        if (value instanceof Map<?, ?> tree) {
            return bind(key.kind(), tree, inside);
        }
        if (value instanceof List<?> list) {
            problems.add(inside, "may stand only once: write [" + inside.section() + "] with single brackets");
            if (!list.isEmpty() && list.getFirst() instanceof Map<?, ?> first) {
                return bind(key.kind(), first, inside);
            }
        } else if (value != null) {
            problems.add(inside, "is a section: write [" + inside.section() + "] on a line of its own");
        }
        return bind(key.kind(), Map.of(), inside);
    }

    private List<Record> sections(Shape.Key key, @Nullable Object value, Place place) {
        List<Record> records = new ArrayList<>();
        Place all = place.section(key.name(), -1);
        if (value instanceof Map<?, ?> tree) {
            problems.add(all, "may stand several times: write [[" + all.section() + "]] with double brackets");
            records.add(bind(key.kind(), tree, place.section(key.name(), 0)));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Place inside = place.section(key.name(), i);
                if (list.get(i) instanceof Map<?, ?> tree) {
                    records.add(bind(key.kind(), tree, inside));
                } else {
                    problems.add(inside, "is a section: write [[" + inside.section() + "]] on a line of its own");
                }
            }
        } else if (value != null) {
            problems.add(all, "is a section: write [[" + all.section() + "]] on a line of its own");
        }
        return records;
    }

    private void refuseUnknown(Shape shape, Map<?, ?> tree, Place place) {
        if (tree.isEmpty()) {
            return;
        }
        List<Shape.Key> keys = shape.flatKeys();
        Map<String, Shape.Key> known = new HashMap<>();
        keys.forEach(key -> known.put(key.name(), key));
        TreeSet<String> names = new TreeSet<>();
        tree.keySet().forEach(name -> names.add(String.valueOf(name)));
        for (String name : names) {
            if (!known.containsKey(name) && !problems.isFull()) {
                boolean isSection = tree.get(name) instanceof Map
                        || (tree.get(name) instanceof List<?> list
                                && !list.isEmpty()
                                && list.getFirst() instanceof Map);
                Place unknown = isSection ? place.section(printable(name), -1) : place.key(printable(name));
                problems.add(
                        unknown,
                        gone.sentence(place.section(), name)
                                .orElseGet(() -> "unknown " + (isSection ? "section" : "key")
                                        + home(shape, name, isSection)
                                                .orElseGet(() -> Spelling.suggestion(name, shape.flatNames()))));
            }
        }
    }

    /** Where the key belongs that stands outside of its section. */
    private static Optional<String> home(Shape shape, String name, boolean isSection) {
        String homes = shape.components().stream()
                .filter(key -> !isSection
                        && key.isSection()
                        && new Shape(key.kind()).flatNames().contains(name))
                .map(key -> key.isList() ? "[[" + key.name() + "]]" : "[" + key.name() + "]")
                .collect(Collectors.joining(" or "));
        return homes.isEmpty() ? Optional.empty() : Optional.of("; it belongs to " + homes);
    }

    /** A name in quotes is not one of ours, and where a quote or a bracket is missing it may be a secret. */
    private static String printable(String name) {
        return BARE_NAME.matcher(name).matches() ? name : "\"…\"";
    }
}
