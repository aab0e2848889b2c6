package io.skewer.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes plain trees of records: the way back of {@link Binder}. Durations become numbers of nanoseconds. */
final class Trees {
    private Trees() {}

    static Map<String, Object> of(Record record) {
        Map<String, Object> tree = new LinkedHashMap<>();
        addTo(tree, record);
        return tree;
    }

    private static void addTo(Map<String, Object> tree, Record record) {
        for (Shape.Key key : new Shape(record.getClass()).components()) {
            Object value = key.valueIn(record);
            if (key.isFlattened()) {
                addTo(tree, (Record) value);
            } else {
                tree.put(key.name(), plain(value));
            }
        }
    }

    static Object plain(Object value) {
        return switch (value) {
            case Record record -> of(record);
            case Duration duration -> duration.toNanos();
            case Integer number -> number.longValue();
            case Long number -> number;
            case Boolean bool -> bool;
            case String text -> text;
            case Enum<?> constant -> constant.name();
            case List<?> list -> {
                List<Object> values = new ArrayList<>(list.size());
                list.forEach(one -> values.add(plain(one)));
                yield values;
            }
            default -> throw new IllegalArgumentException("no value of a configuration can be a " + value.getClass());
        };
    }
}
