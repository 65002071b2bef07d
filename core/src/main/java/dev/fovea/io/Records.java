package dev.fovea.io;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;

/** Copies of records with some components changed, without naming all those that stay. */
public final class Records {

    private Records() {}

    /** A copy of {@code record} in which {@code component} is {@code value}; the record's own checks apply. */
    public static <R extends Record> R with(R record, String component, Object value) {
        return with(record, Map.of(component, value));
    }

    /**
     * A copy of {@code record} with new values of the named components; the record's own checks apply, and what they throw
     * is thrown.
     */
    public static <R extends Record> R with(R record, Map<String, ?> changes) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        int changed = 0;
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            changed += changes.containsKey(name) ? 1 : 0;
            values[i] = changes.containsKey(name) ? changes.get(name) : value(components[i], record);
        }
        if (changed != changes.size()) {
            throw new IllegalStateException(record.getClass().getName() + ": has not all of " + changes.keySet());
        }
        return made(record, components, values);
    }

    private static Object value(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(record.getClass().getName() + ": is not public", e);
        }
    }

    @SuppressWarnings("unchecked") // the constructor of its own class
    private static <R extends Record> R made(R record, RecordComponent[] components, Object[] values) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return (R) record.getClass().getConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(record.getClass().getName() + ": is not public", e);
        }
    }
}
