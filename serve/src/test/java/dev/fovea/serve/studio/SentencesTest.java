package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the studio and the library say in English, as the page tells it in another language. */
class SentencesTest {

    private static final String NAME = "sentences";

    @TempDir
    private Path folder;

    @Test
    void aRefusalIsToldInTheLanguageOfThePage() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 2);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open("de")) {
            browser.visit(served.address("/data/view", "path", "gone"))
                    .awaitText("gone: Nichts im Arbeitsordner heißt so.");
            browser.await("#language option[value=zh]").click();
            browser.awaitText("gone：工作区中没有此名称的内容。");
            browser.await("#language option[value=en]").click();
            browser.awaitText("gone: there is nothing of that name in the workspace");
        }
    }

    @Test
    void wordsWithinASentenceAreTranslatedToo() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 2);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open("de")) {
            browser.visit(served.address("/data", "folder", "flowrs"))
                    .awaitText("Im Arbeitsordner gibt es nichts mit dem Namen „flowrs“, meinten Sie „flowers“?");
        }
    }

    @Test
    void allLanguagesHaveTheSameSentencesWithTheSamePlaces() {
        assertThat(Texts.of("zh", NAME)).isNotEmpty().isEqualTo(Texts.of("de", NAME));
        Texts.of("de", NAME)
                .forEach((english, places) -> assertThat(places).as(english).isEqualTo(Texts.places(english)));
    }

    /** A sentence that was worded anew would stay English without anybody noticing. */
    @Test
    void everySentenceIsOneThatTheProgramSays() {
        String program = Stream.of("../core", "../export", ".")
                .map(module -> Path.of(module, "src/main/java"))
                .map(SentencesTest::literals)
                .collect(Collectors.joining("\n"));
        for (String english : Texts.of("de", NAME).keySet()) {
            for (String piece : english.split("\\{\\w+}")) {
                assertThat(program.contains(piece))
                        .as("'%s' of: %s", piece, english)
                        .isTrue();
            }
        }
    }

    /** Java whose texts, where they are put together of several lines, are in one piece. */
    private static String literals(Path sources) {
        try (var files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(SentencesTest::read)
                    .map(java -> java.replaceAll("\"\\s*\\+\\s*\"", "").replace("\\\"", "\""))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
