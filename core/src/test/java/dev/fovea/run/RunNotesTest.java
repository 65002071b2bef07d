package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.io.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunNotesTest {

    @TempDir
    private Path folder;

    private Path run;

    @BeforeEach
    void make() throws IOException {
        run = Files.createDirectories(folder.resolve("a-1"));
        Files.writeString(run.resolve("recipe.yaml"), "model: cifar-cnn\nseed: 3\n");
    }

    @Test
    void comeBackAsTheyWereWritten() {
        RunNotes notes = new RunNotes("  <b>\"größer\"</b>\n第二行 ", List.of(" baseline", "<script>", "baseline"));
        notes.write(run);
        assertThat(RunNotes.read(run)).isEqualTo(notes);
        assertThat(notes.note()).isEqualTo("<b>\"größer\"</b>\n第二行");
        assertThat(notes.tags()).containsExactly("baseline", "<script>");
        assertThat(Runs.of(run).notes()).isEqualTo(notes);
    }

    @Test
    void nothingWrittenLeavesNoFile() {
        assertThat(RunNotes.read(run)).isEqualTo(RunNotes.NONE);
        RunNotes.NONE.withNote("x").write(run);
        RunNotes.NONE.write(run);
        assertThat(run.resolve("notes.json")).doesNotExist();
    }

    @Test
    void tagsAreGivenAndTakenAway() {
        RunNotes notes =
                RunNotes.NONE.and(List.of("a", "b")).and(List.of("b", "c")).without(List.of("a", "z"));
        assertThat(notes.tags()).containsExactly("b", "c");
    }

    @Test
    void refusesWhatCannotBeATag() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunNotes.NONE.withTags(List.of("a,b")))
                .withMessage("tag: expected 1 to 60 characters without comma or line break, got 'a,b'");
        assertThatIllegalArgumentException().isThrownBy(() -> RunNotes.NONE.withTags(List.of(" ")));
        assertThatIllegalArgumentException().isThrownBy(() -> RunNotes.NONE.withTags(List.of("a\nb")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunNotes.NONE.withTags(
                        IntStream.range(0, 31).mapToObj(Integer::toString).toList()))
                .withMessage("tags: a run may have at most 30, got 31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunNotes.NONE.withNote(String.join("", Collections.nCopies(10_001, "x"))))
                .withMessage("note: may have at most 10000 characters, got 10001");
    }

    @Test
    void refusesAFolderThatIsNoRun() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunNotes.NONE.withNote("x").write(folder))
                .withMessageContaining("not a run folder");
    }

    @Test
    void damagedOnesAreToldOfAndTheRunIsListedAllTheSame() throws IOException {
        Files.writeString(run.resolve("notes.json"), "{\"note\": 3");
        assertThatThrownBy(() -> RunNotes.read(run))
                .isInstanceOf(FormatException.class)
                .hasMessage(
                        run.resolve("notes.json") + ": damaged, expected a note and tags. Remove it to write others");
        Runs.Row row = Runs.of(run);
        assertThat(row.notes()).isEqualTo(RunNotes.NONE);
        assertThat(row.problem()).contains("notes.json: damaged");
    }

    @Test
    void aRunOfANewerVersionIsListedAndSaysSo() throws IOException {
        Files.writeString(run.resolve("run.json"), "{\"format\": 7, \"other\": true}");
        assertThat(Runs.in(folder))
                .singleElement()
                .satisfies(
                        row -> assertThat(row.problem())
                                .isEqualTo(
                                        run.resolve("run.json")
                                                + ": was written by a newer version (format 7, this one reads 1). Read it with that version"));
    }

    @Test
    void aSeedThatIsNoNumberEndsNoList() throws IOException {
        Files.writeString(run.resolve("recipe.yaml"), "model: cifar-cnn\nseed: nine\n");
        assertThat(Runs.in(folder)).hasSize(1);
    }
}
