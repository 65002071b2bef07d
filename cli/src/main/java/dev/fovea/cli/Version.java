package dev.fovea.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The release, as the build wrote it. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"fovea " + release()};
    }

    /** As {@code 1.2.3}. */
    static String release() {
        var properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/fovea.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
