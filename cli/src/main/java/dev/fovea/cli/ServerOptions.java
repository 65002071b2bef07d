package dev.fovea.cli;

import dev.fovea.io.Reason;
import dev.fovea.io.RegularFile;
import dev.fovea.serve.http.Limits;
import dev.fovea.serve.http.Settings;
import dev.fovea.serve.http.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How a server is reached, by whom, and what it refuses. */
final class ServerOptions {

    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|)");
    private static final int TOKEN_BYTES = 24;
    private static final int MOST_SECRET = 10_000;

    @Option(
            names = "--port",
            defaultValue = "8080",
            paramLabel = "PORT",
            description = "Port, 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description =
                    "Address to listen on (default: ${DEFAULT-VALUE}, this machine alone). Another one demands a token or "
                            + "certificates of clients.")
    private String host;

    @Option(
            names = "--metrics-port",
            defaultValue = "-1",
            paramLabel = "PORT",
            description = "Port of the metrics for Prometheus, 0 for any that is free (default: none).")
    private int metricsPort;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the token that every request must carry. Without it a server for other machines makes one "
                            + "up and says it once.")
    private Path tokenFile;

    @Option(
            names = "--tls-keystore",
            paramLabel = "FILE",
            description = "Key and certificate, in PKCS #12 or JKS: HTTPS.")
    private Path keyStore;

    @Option(
            names = "--tls-password-file",
            paramLabel = "FILE",
            description = "File with the password of the key store.")
    private Path passwordFile;

    @Option(
            names = "--client-certificates",
            paramLabel = "FILE",
            description = "Certificates in PEM, one of which must have signed that of a client; with --tls-keystore.")
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

    @Option(
            names = "--access-log",
            defaultValue = "-",
            paramLabel = "FILE",
            description =
                    "File for a line of JSON about each request, - for standard error, none for nowhere (default: -).")
    private String accessLog;

    private boolean drawn;

    /** @throws IllegalArgumentException if they do not go together, or a file cannot be read */
    Settings settings() {
        EvaluateCommand.needs("--tls-password-file", passwordFile != null, "--tls-keystore", keyStore != null);
        EvaluateCommand.needs("--client-certificates", clientCertificates != null, "--tls-keystore", keyStore != null);
        if (body < 1 || body > 1024) {
            throw new IllegalArgumentException("--max-body: expected 1 to 1024 MB, got " + body);
        }
        Optional<String> token = tokenFile == null ? Optional.empty() : Optional.of(secret("--token-file", tokenFile));
        if (token.isEmpty() && clientCertificates == null && !Settings.loopback(host)) {
            drawn = true;
            token = Optional.of(newToken());
        }
        return new Settings(
                host,
                port,
                metricsPort,
                token,
                tls(),
                Limits.usual()
                        .withBodyBytes(body << 20)
                        .withPixels(pixels)
                        .withConnections(connections)
                        .withPerClient(perClient),
                time("--timeout", timeout),
                time("--drain", drain),
                Version.release());
    }

    private Optional<Tls> tls() {
        if (keyStore == null) {
            return Optional.empty();
        }
        String password = passwordFile == null ? "" : secret("--tls-password-file", passwordFile);
        return Optional.of(new Tls(keyStore, password, Optional.ofNullable(clientCertificates)));
    }

    static String secret(String option, Path file) {
        try {
            return new String(RegularFile.read(file, MOST_SECRET), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("%s: %s: cannot be read (%s)".formatted(option, file, Reason.of(e)), e);
        }
    }

    static String newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether the token was made up here. */
    boolean drawn() {
        return drawn;
    }

    AccessLines lines(Output output) {
        return AccessLines.of(accessLog, output.err());
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
