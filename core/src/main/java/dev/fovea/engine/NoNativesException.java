package dev.fovea.engine;

/** The class path holds the binding but no libtorch for this platform; the message says what to add. */
public final class NoNativesException extends RuntimeException {

    NoNativesException(String platform, Throwable cause) {
        super(
                ("no libtorch for %s on the class path. Add: <dependency><groupId>org.bytedeco</groupId>"
                                + "<artifactId>pytorch-platform</artifactId><version>2.10.0-1.5.13</version></dependency>")
                        .formatted(platform),
                cause);
    }
}
