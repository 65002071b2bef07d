package dev.fovea.engine;

/** An operation that libtorch refused: the operation, its reason in one line and the shapes involved. */
public final class EngineException extends RuntimeException {

    EngineException(String message, Throwable cause) {
        super(message, cause);
    }

    /** One sentence from a C++ exception: its first line, without the trace that follows. */
    static EngineException of(String operation, RuntimeException cause, Tensor... inputs) {
        String text = String.valueOf(cause.getMessage());
        String first = text.lines().findFirst().orElse(text).strip();
        var message = new StringBuilder(operation).append(": ").append(first);
        if (inputs.length > 0) {
            message.append(first.endsWith(".") ? " Got" : ". Got");
            for (int i = 0; i < inputs.length; i++) {
                message.append(i == 0 ? " " : " and ").append(inputs[i].description());
            }
        }
        return new EngineException(message.toString(), cause);
    }
}
