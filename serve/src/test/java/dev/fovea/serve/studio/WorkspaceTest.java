package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.serve.http.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspaceTest {

    @TempDir
    private Path folder;

    private Path root;
    private Workspace workspace;

    @BeforeEach
    void open() throws Exception {
        root = Files.createDirectory(folder.resolve("work")).toRealPath();
        Files.createDirectories(root.resolve("flowers/rose"));
        Files.writeString(Files.createDirectory(folder.resolve("secret")).resolve("key"), "secret");
        workspace = Workspace.open(root);
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../secret/key",
                "flowers/../../secret/key",
                "flowers/..",
                "./flowers",
                "/etc/passwd",
                "//etc/passwd",
                "flowers//rose",
                "flowers/",
                "flowers/\0",
                "flowers\\..\\..\\secret",
                "flowers/\nrose",
                "."
            })
    void whatLeadsOutIsRefused(String path) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> workspace.resolve(path))
                .withMessageContaining("not a path inside the workspace. Expected one such as flowers/rose.jpg");
    }

    @Test
    void linksThatLeadOutAreRefused() throws Exception {
        Files.createSymbolicLink(root.resolve("out"), folder.resolve("secret"));
        Files.createSymbolicLink(root.resolve("file"), folder.resolve("secret/key"));
        Files.createSymbolicLink(root.resolve("nowhere"), folder.resolve("not-there-yet"));
        Files.createSymbolicLink(root.resolve("in"), root.resolve("flowers"));
        for (String path : new String[] {"out", "out/key", "out/new", "file", "nowhere", "nowhere/new"}) {
            assertThatExceptionOfType(Refusal.class)
                    .as(path)
                    .isThrownBy(() -> workspace.resolve(path))
                    .withMessageContaining("not a path inside the workspace");
        }
        assertThat(workspace.existing("in/rose")).isEqualTo(root.resolve("in/rose"));
    }

    @Test
    void namesOfAllKindsAreResolvedAndNamedAgain() throws Exception {
        for (String name : Hostile.NAMES) {
            Path file = Files.createDirectory(root.resolve(name));
            assertThat(workspace.existing(name)).isEqualTo(file);
            assertThat(workspace.relative(file)).isEqualTo(name);
        }
    }

    @Test
    void whatIsNotThereIsAnsweredWithTheNearest() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> workspace.existing("flower"))
                .withMessage("there is nothing called 'flower' in the workspace, did you mean 'flowers'?");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> workspace.existing("nothing/like/it"))
                .withMessage("there is nothing called 'nothing/like/it' in the workspace. Was it moved or renamed?");
    }

    @Test
    void aSecondStudioIsToldOfTheFirst() throws Exception {
        workspace.sayAddress("http://127.0.0.1:8090");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workspace.open(root))
                .withMessage(
                        root
                                + ": another studio has this workspace open at http://127.0.0.1:8090. Use that one, or stop it first");
        workspace.close();
        Workspace.open(root).close();
    }

    @Test
    void aFolderThatCannotBeWrittenIsOpenedToBeLookedAt() throws Exception {
        Path file =
                Files.writeString(Files.createDirectory(folder.resolve("odd")).resolve(".fovea"), "in the way");
        try (Workspace readOnly = Workspace.open(file.getParent())) {
            assertThat(readOnly.writable()).isFalse();
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(readOnly::own)
                    .withMessageEndingWith(
                            "cannot be written, so nothing can be changed here. Open the studio on a folder that can be");
        }
    }

    @Test
    void aFolderThatIsNotThereIsSaidToBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workspace.open(folder.resolve("nothing")))
                .withMessage(folder.resolve("nothing")
                        + ": there is no such folder. Name the folder that holds your images and runs");
    }

    @Test
    void itsOwnFoldersLeadNowhereElse() throws Exception {
        workspace.close();
        Path kept = Files.createDirectories(folder.resolve("secret/uploads"));
        for (String name : new String[] {"runs", ".fovea"}) {
            Path own = root.resolve(name);
            if (Files.isDirectory(own)) {
                try (var files = Files.list(own)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(own);
            }
            Files.createSymbolicLink(own, folder.resolve("secret"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Workspace.open(root))
                    .withMessage(
                            own
                                    + ": a link that leads out of the workspace. Put a folder in its place, or open the studio on a folder that holds both");
            Files.delete(own);
        }
        assertThat(kept).exists();
        Files.createSymbolicLink(root.resolve("runs"), Files.createDirectory(root.resolve("trained")));
        Workspace.open(root).close();
    }
}
