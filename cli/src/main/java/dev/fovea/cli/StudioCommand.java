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
import picocli.CommandLine.Parameters;

/** {@code fovea studio}: the page on which models are made. */
@Command(
        name = "studio",
        description =
                "Opens a web page to look at images, train on them, see where a model errs, and export it. Nothing leaves "
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

    @Mixin
    private final AddressOptions address = new AddressOptions(8090, "none");

    @Mixin
    private Output output;

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = settings();
        try (AccessLines lines = address.lines(output)) {
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
            say(studio);
            stopped.await();
        }
        return 0;
    }

    private Settings settings() {
        Optional<Tls> tls = address.tls(Optional.empty());
        return new Settings(
                address.host(),
                address.port(),
                -1,
                address.token(false),
                tls,
                Limits.usual(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Version.release());
    }

    private void say(Studio studio) {
        var json = new LinkedHashMap<String, Object>();
        json.put("address", studio.address().toString());
        json.put("workspace", studio.workspace().root().toString());
        var text = new StringBuilder("%s  the studio of %s"
                .formatted(studio.address(), studio.workspace().root()));
        if (!studio.workspace().writable()) {
            text.append("%n(this folder is read-only: everything can be looked at, and nothing changed)".formatted());
        }
        if (!studio.workspace().locked()) {
            text.append("%n(this disk knows no locks: open no second studio on it)".formatted());
        }
        address.say(studio.address(), studio.settings(), json, text);
        output.print(json, text.toString());
    }
}
