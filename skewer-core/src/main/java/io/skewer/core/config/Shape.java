package io.skewer.core.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a configuration record looks like: its components as keys. */
final class Shape {
    /**
     * One component.
     *
     * @param name in snake_case, as it stands in the file
     * @param kind the type of the component, or of the elements of a list
     * @param setting default and limits; none for a section, and in records that only travel between processes
     */
    record Key(
            String name,
            Class<?> kind,
            boolean isList,
            boolean isFlattened,
            @Nullable Setting setting,
            RecordComponent component) {
        boolean isSection() {
            return kind.isRecord() && !isFlattened;
        }

        Object valueIn(Record owner) {
            try {
                component.getAccessor().setAccessible(true);
                return component.getAccessor().invoke(owner);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(component.toString(), e);
            }
        }
    }

    private final Class<?> type;
    private final List<Key> keys = new ArrayList<>();

    Shape(Class<?> type) {
        this.type = type;
        for (RecordComponent component : type.getRecordComponents()) {
            boolean isList = component.getType() == List.class;
            keys.add(new Key(
                    snakeCase(component.getName()),
                    isList ? elementType(component.getGenericType()) : component.getType(),
                    isList,
                    component.isAnnotationPresent(Flattened.class),
                    component.getAnnotation(Setting.class),
                    component));
        }
    }

    /** The components in their order, groups not opened. */
    List<Key> components() {
        return keys;
    }

    /** All keys that may stand in the section, those of its groups included. */
    List<Key> flatKeys() {
        List<Key> flat = new ArrayList<>();
        for (Key key : keys) {
            if (key.isFlattened()) {
                flat.addAll(new Shape(key.kind()).flatKeys());
            } else {
                flat.add(key);
            }
        }
        return flat;
    }

    List<String> flatNames() {
        List<String> names = new ArrayList<>();
        for (Key key : flatKeys()) {
            names.add(key.name());
        }
        return names;
    }

    /** A record of these values, one for each component. */
    Record create(Object[] values) {
        Class<?>[] types = new Class<?>[values.length];
        for (int i = 0; i < values.length; i++) {
            types[i] = keys.get(i).component().getType();
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return (Record) constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName(), e);
        }
    }

    static String snakeCase(String camelCase) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < camelCase.length(); i++) {
            char c = camelCase.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                snake.append('_');
            }
            snake.append(c);
        }
        return snake.toString().toLowerCase(Locale.ROOT);
    }

    private static Class<?> elementType(Type listType) {
        if (listType instanceof ParameterizedType parameterized
                && parameterized.getActualTypeArguments()[0] instanceof Class<?> element) {
            return element;
        }
        throw new IllegalArgumentException("a list of what? " + listType);
    }
}
