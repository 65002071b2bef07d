package dev.fovea.bench.load;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, on a port that is free. */
final class ServerProcess implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");
    private static final int STOP_SECONDS = 40;

    private final Process process;
    private final URI address;

    private ServerProcess(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts {@code fovea serve} and waits until it says its address.
     *
     * @param root of the repository
     * @throws IOException if it ends before
     */
    static ServerProcess start(Path root, List<String> options) throws IOException {
        var command = new ArrayList<>(List.of(root.resolve("fovea").toString(), "serve", "--port", "0"));
        command.addAll(options);
        return started(command);
    }

    /**
     * Starts the server of Deep Java Library.
     *
     * @throws IOException if it is not built
     */
    static ServerProcess djl(Path root) throws IOException {
        Path peer = root.resolve("bench/peers/djl/target");
        Path libraries = peer.resolve("classpath.txt");
        if (!Files.exists(libraries)) {
            throw new IOException(libraries + ": is not there. Build it: ./mvnw -f bench/peers/djl/pom.xml compile");
        }
        String path = peer.resolve("classes")
                + File.pathSeparator
                + Files.readString(libraries).strip();
        String threads = String.valueOf(Runtime.getRuntime().availableProcessors());
        return started(List.of("java", "-cp", path, "dev.fovea.bench.peers.DjlServer", threads));
    }

    private static ServerProcess started(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new ArrayList<String>();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            said.add(line);
            Matcher found = ADDRESS.matcher(line);
            if (found.find()) {
                var rest = new Thread(() -> drain(reader), "server's output");
                rest.setDaemon(true);
                rest.start();
                return new ServerProcess(process, URI.create(found.group()));
            }
        }
        throw new IOException("the server ended: " + String.join("\n", said));
    }

    /** A server whose output nobody reads stands still. */
    private static void drain(BufferedReader reader) {
        try {
            while (reader.readLine() != null) {
                // it is of no use here
            }
        } catch (IOException e) {
            // the server has ended
        }
    }

    /** Where images are sent to. */
    URI predict(String model) {
        return address.resolve("/predict/" + model);
    }

    /** Megabytes of it that are in memory; 0 where the system does not say. */
    long megabytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
