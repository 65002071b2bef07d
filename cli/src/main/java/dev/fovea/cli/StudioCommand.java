package dev.fovea.cli;

import dev.fovea.serve.http.Limits;
import dev.fovea.serve.http.Settings;
import dev.fovea.serve.http.Tls;
import dev.fovea.serve.studio.Studio;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea studio}: the page on which models are made. */
@Command(
        name = "studio",
        description =
                "Opens a web page to look at images, train on them, see why a model errs, and hand it on. Nothing leaves "
                        + "this machine.",
        footer = {
            "",
            "Examples:",
            "  fovea studio",
            "  fovea studio projects/flowers",
            "  fovea studio --host 0.0.0.0 --tls-keystore studio.p12 --tls-password-file password --token-file token"
        })
final class StudioCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "WORKSPACE",
            defaultValue = ".",
            description =
                    "Folder that holds images and runs; nothing outside it is shown (default: the working folder).")
    private Path workspace;

    @Option(
            names = "--port",
            defaultValue = "8090",
            paramLabel = "PORT",
            description = "Port, 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description =
                    "Address to listen on (default: ${DEFAULT-VALUE}, this machine alone). Another one demands a token, "
                            + "which is typed into the page.")
    private String host;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the token that is typed into the page. Without it a studio for other machines makes one "
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
            names = "--access-log",
            defaultValue = "none",
            paramLabel = "FILE",
            description = "File for a line of JSON about each request, - for standard error (default: none).")
    private String accessLog;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws InterruptedException {
        EvaluateCommand.needs("--tls-password-file", passwordFile != null, "--tls-keystore", keyStore != null);
        Optional<String> named =
                tokenFile == null ? Optional.empty() : Optional.of(ServerOptions.secret("--token-file", tokenFile));
        boolean drawn = named.isEmpty() && !Settings.loopback(host);
        Settings settings = settings(drawn ? Optional.of(ServerOptions.newToken()) : named);
        try (AccessLines lines = AccessLines.of(accessLog, output.err())) {
            Studio studio = Studio.open(workspace, settings, new StudioExporter(), lines);
            var stopped = new CountDownLatch(1);
            var hook = new Thread(
                    () -> {
                        output.say("stopping");
                        studio.close();
                        stopped.countDown();
                    },
                    "stop");
            Runtime.getRuntime().addShutdownHook(hook);
            say(studio, drawn);
            stopped.await();
        }
        return 0;
    }

    private Settings settings(Optional<String> token) {
        Optional<Tls> tls = Optional.ofNullable(keyStore)
                .map(file -> new Tls(
                        file,
                        passwordFile == null ? "" : ServerOptions.secret("--tls-password-file", passwordFile),
                        Optional.empty()));
        return new Settings(
                host,
                port,
                -1,
                token,
                tls,
                Limits.usual(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Version.release());
    }

    private void say(Studio studio, boolean drawn) {
        var json = new LinkedHashMap<String, Object>();
        json.put("address", studio.address().toString());
        json.put("workspace", studio.workspace().root().toString());
        var text = new StringBuilder("%s  the studio of %s"
                .formatted(studio.address(), studio.workspace().root()));
        if (!studio.workspace().writable()) {
            text.append("%n(this folder cannot be written: it can be looked at, and nothing more)".formatted());
        }
        if (drawn) {
            // The one time that it is said: it is kept nowhere.
            String token = studio.settings().token().orElseThrow();
            json.put("token", token);
            text.append("%ntoken: %s  (kept nowhere; name a file of your own with --token-file)".formatted(token));
        }
        output.print(json, text.toString());
    }
}
