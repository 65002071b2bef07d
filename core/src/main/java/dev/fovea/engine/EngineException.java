package dev.fovea.engine;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** An operation that libtorch refused: the operation, its reason in one line and the shapes involved. */
public final class EngineException extends RuntimeException {

    /** Inputs that a message describes: what goes in and its weight are what misfits are between. */
    private static final int SHOWN = 2;

    EngineException(String message, Throwable cause) {
        super(message, cause);
    }

    /** One sentence from a C++ exception: its first line, without the trace that follows. */
    static EngineException of(String operation, RuntimeException cause, Tensor... inputs) {
        String text = String.valueOf(cause.getMessage());
        String first = text.lines().findFirst().orElse(text).strip();
        var message = new StringBuilder(operation).append(": ").append(first);
        String got = Arrays.stream(inputs)
                .filter(Objects::nonNull)
                .limit(SHOWN)
                .map(Tensor::description)
                .collect(Collectors.joining(" and "));
        if (!got.isEmpty()) {
            message.append(first.endsWith(".") ? " Got " : ". Got ").append(got);
        }
        return new EngineException(message.toString(), cause);
    }
}
