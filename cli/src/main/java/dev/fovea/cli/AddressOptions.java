package dev.fovea.cli;

import dev.fovea.io.Reason;
import dev.fovea.io.RegularFile;
import dev.fovea.serve.http.Settings;
import dev.fovea.serve.http.Tls;
import dev.fovea.serve.http.Tokens;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where a server is reached and by whom, and where it writes who did: the same of all servers, but for the defaults. */
final class AddressOptions {

    private static final int MOST_SECRET = 10_000;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port, 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description =
                    "Address to listen on (default: ${DEFAULT-VALUE}, this machine alone). Another one demands a token.")
    private String host;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the token that is demanded. Without it a server for other machines makes one up and says it "
                            + "once.")
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
            names = "--access-log",
            paramLabel = "FILE",
            description =
                    "File for a line of JSON about each request, - for standard error, none for nowhere (default: ${DEFAULT-VALUE}).")
    private String accessLog;

    private boolean madeUp;

    AddressOptions(int port, String accessLog) {
        this.port = port;
        this.accessLog = accessLog;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /**
     * What must be known to be let in: one that is made up where other machines are and nobody has named one.
     *
     * @param otherwise whether something else tells who may come in
     */
    Optional<String> token(boolean otherwise) {
        if (tokenFile != null) {
            return Optional.of(secret("--token-file", tokenFile));
        }
        if (otherwise || Settings.loopback(host)) {
            return Optional.empty();
        }
        madeUp = true;
        return Optional.of(Tokens.random());
    }

    /** @param clientCertificates one of which must have signed that of a client */
    Optional<Tls> tls(Optional<Path> clientCertificates) {
        EvaluateCommand.needs("--tls-password-file", passwordFile != null, "--tls-keystore", keyStore != null);
        EvaluateCommand.needs(
                "--client-certificates", clientCertificates.isPresent(), "--tls-keystore", keyStore != null);
        if (keyStore == null) {
            return Optional.empty();
        }
        String password = passwordFile == null ? "" : secret("--tls-password-file", passwordFile);
        return Optional.of(new Tls(keyStore, password, clientCertificates));
    }

    private static String secret(String option, Path file) {
        try {
            return new String(RegularFile.read(file, MOST_SECRET), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("%s: %s: cannot be read (%s)".formatted(option, file, Reason.of(e)), e);
        }
    }

    /** An address for all network interfaces is none that can be opened. */
    private static List<String> ofThisMachine(URI all) {
        try (Stream<NetworkInterface> networks = NetworkInterface.networkInterfaces()) {
            return networks.flatMap(NetworkInterface::inetAddresses)
                    .filter(one -> one instanceof Inet4Address && !one.isLoopbackAddress() && !one.isLinkLocalAddress())
                    .map(one -> "%s://%s:%s".formatted(all.getScheme(), one.getHostAddress(), all.getPort()))
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    AccessLines lines(Output output) {
        return AccessLines.of(accessLog, output.err());
    }

    /**
     * How other machines reach the server, and the one time that a token is said which was made up here: it is kept nowhere.
     *
     * @param own where the server listens
     */
    void say(URI own, Settings settings, Map<String, Object> json, StringBuilder text) {
        if (!Settings.loopback(host)) {
            List<String> others = own.getHost().equals("0.0.0.0") ? ofThisMachine(own) : List.of();
            if (!others.isEmpty()) {
                json.put("addresses", others);
                text.append("%nfrom other machines: %s".formatted(String.join(", ", others)));
            }
            if (keyStore == null) {
                text.append("%nwithout --tls-keystore all that is sent can be read on the way".formatted());
            }
        }
        if (madeUp) {
            String token = settings.token().orElseThrow();
            json.put("token", token);
            text.append("%ntoken: %s  (kept nowhere; name a file of your own with --token-file)".formatted(token));
        }
    }
}
