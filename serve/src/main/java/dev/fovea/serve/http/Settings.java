package dev.fovea.serve.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/**
 * How a server is reached, and by whom.
 *
 * @param host address that it is bound to
 * @param port 0 for any that is free
 * @param metricsPort of the metrics, 0 for any that is free, -1 for none
 * @param token that every request must carry; none for all
 * @param tls none for plain HTTP
 * @param timeout in which a request is answered, or not at all
 * @param drain in which requests under way are answered once the server is to stop
 * @param version of the program, for clients
 */
public record Settings(
        String host,
        int port,
        int metricsPort,
        Optional<String> token,
        Optional<Tls> tls,
        Limits limits,
        Duration timeout,
        Duration drain,
        String version) {

    private static final int SHORTEST_TOKEN = 16;

    /**
     * @throws IllegalArgumentException if the server could be reached from other machines by anybody, or a number is out of its
     *     range
     */
    public Settings {
        checkPort("port", port, 0);
        checkPort("port of the metrics", metricsPort, -1);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout must be above 0, got %s ms".formatted(timeout.toMillis()));
        }
        if (drain.isNegative()) {
            throw new IllegalArgumentException("the time to drain must not be below 0, got " + drain);
        }
        token.ifPresent(own -> {
            if (own.length() < SHORTEST_TOKEN || !own.matches("[!-~]+")) {
                throw new IllegalArgumentException(
                        "a token must have at least %s characters, all of them printable ASCII without spaces, got %s characters"
                                .formatted(SHORTEST_TOKEN, own.length()));
            }
        });
        boolean certificates = tls.isPresent() && tls.get().clients().isPresent();
        if (!loopback(host) && token.isEmpty() && !certificates) {
            throw new IllegalArgumentException(
                    "%s can be reached from other machines: a token or certificates of clients must be demanded there. Bind to 127.0.0.1, or give one of them"
                            .formatted(host));
        }
    }

    private static void checkPort(String what, int port, int least) {
        if (port < least || port > 65_535) {
            throw new IllegalArgumentException("the %s must be 0 to 65535, got %s".formatted(what, port));
        }
    }

    /** On this machine alone, on a port that is free, with the usual limits. */
    public static Settings local() {
        return new Settings(
                "127.0.0.1",
                0,
                -1,
                Optional.empty(),
                Optional.empty(),
                Limits.usual(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                "development");
    }

    public Settings withLimits(Limits value) {
        return new Settings(host, port, metricsPort, token, tls, value, timeout, drain, version);
    }

    public Settings withToken(String value) {
        return new Settings(host, port, metricsPort, Optional.of(value), tls, limits, timeout, drain, version);
    }

    public Settings withTls(Tls value) {
        return new Settings(host, port, metricsPort, token, Optional.of(value), limits, timeout, drain, version);
    }

    public Settings withTimes(Duration newTimeout, Duration newDrain) {
        return new Settings(host, port, metricsPort, token, tls, limits, newTimeout, newDrain, version);
    }

    public Settings withMetricsPort(int value) {
        return new Settings(host, port, value, token, tls, limits, timeout, drain, version);
    }

    /**
     * Whether only this machine reaches it.
     *
     * @throws IllegalArgumentException if there is no such address
     */
    public static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("%s: no address of this machine".formatted(host), e);
        }
    }
}
