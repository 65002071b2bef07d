package dev.fovea.cli;

import dev.fovea.serve.http.Limits;
import dev.fovea.serve.http.Settings;
import dev.fovea.serve.http.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a server of models is reached, by whom, and what it refuses. */
final class ServerOptions {

    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|)");

    @Mixin
    private final AddressOptions address = new AddressOptions(8080, "-");

    @Option(
            names = "--metrics-port",
            defaultValue = "-1",
            paramLabel = "PORT",
            description = "Port of the metrics for Prometheus, 0 for any that is free (default: none).")
    private int metricsPort;

    @Option(
            names = "--client-certificates",
            paramLabel = "FILE",
            description =
                    "Certificates in PEM, one of which must have signed that of a client, instead of a token; with "
                            + "--tls-keystore.")
    private Path clientCertificates;

    @Option(
            names = "--timeout",
            defaultValue = "30s",
            paramLabel = "TIME",
            description = "In which a request is answered or given up: 500ms, 30s, 2m (default: ${DEFAULT-VALUE}).")
    private String timeout;

    @Option(
            names = "--drain",
            defaultValue = "20s",
            paramLabel = "TIME",
            description = "For requests under way once it is to stop (default: ${DEFAULT-VALUE}).")
    private String drain;

    @Option(
            names = "--max-body",
            defaultValue = "32",
            paramLabel = "MB",
            description = "Largest body of a request, also after decompression (default: ${DEFAULT-VALUE}).")
    private int body;

    @Option(
            names = "--max-pixels",
            defaultValue = "25000000",
            paramLabel = "N",
            description = "Most pixels of an image (default: ${DEFAULT-VALUE}).")
    private long pixels;

    @Option(
            names = "--max-connections",
            defaultValue = "4096",
            paramLabel = "N",
            description = "Most connections at once (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--max-per-client",
            defaultValue = "512",
            paramLabel = "N",
            description = "Most requests that one address has under way (default: ${DEFAULT-VALUE}).")
    private int perClient;

    /** @throws IllegalArgumentException if they do not go together, or a file cannot be read */
    Settings settings() {
        Optional<Path> certificates = Optional.ofNullable(clientCertificates);
        Optional<Tls> tls = address.tls(certificates);
        if (body < 1 || body > 1024) {
            throw new IllegalArgumentException("--max-body: expected 1 to 1024 MB, got " + body);
        }
        return new Settings(
                address.host(),
                address.port(),
                metricsPort,
                address.token(certificates.isPresent()),
                tls,
                Limits.usual()
                        .withBodyBytes(body << 20)
                        .withPixels(pixels)
                        .withConnections(connections)
                        .withPerClient(perClient),
                time("--timeout", timeout),
                time("--drain", drain),
                Version.release());
    }

    AddressOptions address() {
        return address;
    }

    /** @throws IllegalArgumentException if {@code text} is no time */
    static Duration time(String option, String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "%s: expected a time such as 500ms, 30s or 2m, got '%s'".formatted(option, text));
        }
        double seconds = switch (matcher.group(2)) {
            case "ms" -> 1e-3;
            case "m" -> 60;
            default -> 1;
        };
        return Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(1)) * seconds * 1e9));
    }
}
