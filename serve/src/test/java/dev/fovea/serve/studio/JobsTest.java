package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.serve.http.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JobsTest {

    @TempDir
    private Path folder;

    @Test
    void aJobSaysHowFarItIsAndGivesItsResult() throws Exception {
        try (var served = new StudioServer(folder)) {
            var begun = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            Job job = served.studio.jobs().start("count", own -> {
                own.progress(3, 10);
                begun.countDown();
                go.await();
                return Map.of("sum", 55);
            });
            begun.await();
            JsonNode half = StudioServer.json(served.get("/api/jobs/" + job.id()));
            assertThat(half.get("state").asString()).isEqualTo("working");
            assertThat(half.get("done").asInt()).isEqualTo(3);
            assertThat(half.get("of").asInt()).isEqualTo(10);
            go.countDown();
            JsonNode over = over(served, job);
            assertThat(over.get("state").asString()).isEqualTo("done");
            assertThat(over.get("result").get("sum").asInt()).isEqualTo(55);
        }
    }

    private static JsonNode over(StudioServer served, Job job) throws Exception {
        while (!job.over()) {
            Thread.onSpinWait();
        }
        return StudioServer.json(served.get("/api/jobs/" + job.id()));
    }

    @Test
    void aJobIsStoppedWhetherItWorksOrWaits() throws Exception {
        try (var served = new StudioServer(folder)) {
            var begun = new CountDownLatch(1);
            Job works = served.studio.jobs().start("endless", own -> {
                begun.countDown();
                while (true) {
                    own.progress(1, 0);
                }
            });
            Job waits = served.studio.jobs().start("late", own -> "never");
            begun.await();
            served.post("/api/jobs/" + waits.id() + "/stop", Map.of());
            served.post("/api/jobs/" + works.id() + "/stop", Map.of());
            assertThat(over(served, works).get("state").asString()).isEqualTo("stopped");
            assertThat(over(served, waits).get("state").asString()).isEqualTo("stopped");
            assertThat(over(served, waits).has("result")).isFalse();
        }
    }

    @Test
    void oneQuestionIsAnsweredOnceAndNoLongerThanSomebodyWaits() throws Exception {
        try (var served = new StudioServer(folder)) {
            Jobs.Work endless = own -> {
                while (true) {
                    own.progress(1, 0);
                }
            };
            Job job = served.studio.jobs().answer("why", "evaluate", "a", endless);
            Job other = served.studio.jobs().answer("how", "evaluate", "a", endless);
            assertThat(served.studio.jobs().answer("why", "evaluate", "a", endless))
                    .isSameAs(job)
                    .isNotSameAs(other);
            served.post("/api/jobs/" + other.id() + "/stop", Map.of());
            served.post("/api/jobs/" + job.id() + "/leave", Map.of());
            assertThat(over(served, job).get("state").asString()).isEqualTo("stopped");
            assertThat(served.studio.jobs().answer("why", "evaluate", "a", own -> 1))
                    .isNotSameAs(job);
        }
    }

    @Test
    void aJobThatOneLeavesGoesOnForWhoeverWaits() throws Exception {
        try (var served = new StudioServer(folder)) {
            Job job = served.studio.jobs().answer("why", "evaluate", "a", own -> {
                while (true) {
                    own.progress(1, 0);
                }
            });
            job.leave();
            served.get("/api/jobs/" + job.id());
            long later = System.nanoTime() + 60_000_000_000L;
            served.get("/api/jobs/" + job.id(), "waits", "true");
            assertThat(job.stoppedAt(later)).isFalse();
            job.leave();
            served.get("/api/jobs/" + job.id()); // a look alone
            assertThat(job.stoppedAt(later)).isTrue();
        }
    }

    @Test
    void aJobThatWaitsForItsTurnLeavesItsPlaceOnceNobodyWaitsForIt() throws Exception {
        try (var served = new StudioServer(folder)) {
            var go = new CountDownLatch(1);
            Job audit = served.studio.jobs().start("problems", "flowers", own -> {
                go.await();
                return "found";
            });
            Job waits = served.studio.jobs().answer("why", "evaluate", "a", own -> "because");
            waits.leave();
            assertThat(waits.stoppedAt(System.nanoTime() + 60_000_000_000L)).isTrue();
            assertThat(waits.over()).isFalse();
            served.studio.jobs().start("problems", "cells", own -> "found");
            assertThat(waits.over()).isTrue();
            go.countDown();
            assertThat(over(served, audit).get("state").asString()).isEqualTo("done");
        }
    }

    @Test
    void whatSomebodyLooksOnAtDoesNotWaitForWhatTakesLong() throws Exception {
        try (var served = new StudioServer(folder)) {
            var go = new CountDownLatch(1);
            Job audit = served.studio.jobs().start("problems", "flowers", own -> {
                go.await();
                return "found";
            });
            Job proposals = served.studio.jobs().soon("proposals", "cells", own -> "drawn");
            assertThat(over(served, proposals).get("result").asString()).isEqualTo("drawn");
            assertThat(audit.over()).isFalse();
            go.countDown();
            assertThat(over(served, audit).get("state").asString()).isEqualTo("done");
        }
    }

    @Test
    void whatFailsSaysWhyAndTheNextIsDoneAllTheSame() throws Exception {
        try (var served = new StudioServer(folder)) {
            Job wrong = served.studio.jobs().start("wrong", own -> {
                throw new IllegalArgumentException("flowers: found 1 class ('rose'), training needs at least 2");
            });
            Job full = served.studio.jobs().start("full", own -> {
                throw new IOException("No space left on device");
            });
            Job next = served.studio.jobs().start("next", own -> 1);
            assertThat(over(served, wrong).get("error").asString())
                    .isEqualTo("flowers: found 1 class ('rose'), training needs at least 2");
            assertThat(over(served, full).get("error").asString()).startsWith("the disk is full");
            assertThat(over(served, next).get("state").asString()).isEqualTo("done");
        }
    }

    @Test
    void whatWasNotForeseenIsWrittenDownAndEndsTheJob() throws Exception {
        try (var served = new StudioServer(folder)) {
            Job job = served.studio.jobs().start("broken", own -> {
                throw new NoClassDefFoundError("org/bytedeco/Missing");
            });
            assertThat(over(served, job).get("error").asString())
                    .isEqualTo("it failed unexpectedly (NoClassDefFoundError). .fovea/studio.log says where, at job "
                            + job.id());
            assertThat(Files.readString(folder.resolve(".fovea/studio.log")))
                    .contains("job " + job.id() + ": java.lang.NoClassDefFoundError: org/bytedeco/Missing")
                    .contains("JobsTest");
        }
    }

    @Test
    void resultsOfEarlierJobsAreLetGo() throws Exception {
        try (var served = new StudioServer(folder)) {
            Job first = served.studio.jobs().start("first", own -> "much");
            over(served, first);
            for (int i = 0; i < 11; i++) {
                over(served, served.studio.jobs().start("later", own -> "more"));
            }
            served.studio.jobs().start("last", own -> "end");
            assertThat(StudioServer.detail(served.get("/api/jobs/" + first.id())))
                    .isEqualTo("what came of job %s is no longer kept. Begin it again".formatted(first.id()));
        }
    }

    @Test
    void aJobOfAnotherStudioIsNotTakenForOneOfThis() throws Exception {
        int before;
        try (var served = new StudioServer(folder)) {
            before = served.studio.jobs().start("before", own -> "old").id();
        }
        try (var served = new StudioServer(folder)) {
            served.studio.jobs().start("after", own -> "new");
            assertThat(StudioServer.detail(served.get("/api/jobs/" + before))).startsWith("there is no job " + before);
        }
    }

    @Test
    void thePageSaysInItsLanguageWhatAJobDoesToWhat() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open("de")) {
            var go = new CountDownLatch(1);
            Job first = served.studio.jobs().start("evaluate", Hostile.SCRIPT, own -> {
                go.await();
                return null;
            });
            served.studio.jobs().start("measure", "3", own -> null);
            served.studio.jobs().start("unheard-of", "x", own -> null);
            browser.visit(served.address("/queue"))
                    .awaitText(Hostile.SCRIPT + " wird ausgewertet")
                    .awaitText("3 Modelle werden gemessen")
                    .awaitText("unheard-of x");
            served.post("/api/jobs/" + first.id() + "/stop", Map.of());
            go.countDown();
            browser.await("no jobs", own -> own.text().contains("ausgewertet") ? null : true);
            assertThat(browser.script("return window.hurt")).isNull();
        }
    }

    @Test
    void tooManyJobsAreRefused() throws Exception {
        try (var workspace = Workspace.open(folder);
                var events = new Events();
                var jobs = new Jobs(events, new Faults(workspace))) {
            var go = new CountDownLatch(1);
            for (int i = 0; i < 50; i++) {
                jobs.start("wait", own -> {
                    go.await();
                    return null;
                });
            }
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> jobs.start("one more", own -> null))
                    .withMessage("50 jobs wait already. Stop some, or try again later");
            go.countDown();
        }
    }

    @Test
    void pagesHearOfWhatChangesAndTheStreamEndsWithTheStudio() throws Exception {
        var served = new StudioServer(folder);
        try (served) {
            HttpResponse<InputStream> stream = HttpClient.newHttpClient()
                    .send(served.own("/api/events").build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream;charset=utf-8");
            InputStream in = stream.body();
            assertThat(event(in)).isEqualTo("event: hello\ndata: {}");
            served.studio.events().send("data", Map.of("path", "flow\ners"));
            String[] said = event(in).split("\ndata: ");
            assertThat(said[0]).isEqualTo("event: data");
            assertThat(new JsonMapper().readTree(said[1]).get("path").asString())
                    .isEqualTo("flow\ners");
            served.studio.events().close();
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    private static String event(InputStream in) throws IOException {
        var text = new StringBuilder();
        while (!text.toString().endsWith("\n\n")) {
            text.append(new String(new byte[] {(byte) in.read()}, StandardCharsets.US_ASCII));
        }
        return text.toString().strip();
    }
}
