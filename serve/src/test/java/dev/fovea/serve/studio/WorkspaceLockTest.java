package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceLockTest {

    @TempDir
    Path folder;

    @Test
    void aDiskWithoutLocksCanStillBeWritten() {
        try (WorkspaceLock lock = WorkspaceLock.of(folder, channel -> {
                    throw new IOException("No locks available");
                })
                .orElseThrow()) {
            assertThat(lock.locked()).isFalse();
            lock.say("http://127.0.0.1:8090");
            assertThat(folder.resolve("studio-address")).hasContent("http://127.0.0.1:8090");
        }
        assertThat(folder.resolve("studio-address")).doesNotExist();
    }

    @Test
    void nothingIsLeftOpenWhereAnotherHasIt() {
        var opened = new ArrayList<FileChannel>();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkspaceLock.of(folder, channel -> {
                    opened.add(channel);
                    return null;
                }))
                .withMessageContaining("another studio has this workspace open");
        assertThat(opened).singleElement().returns(false, FileChannel::isOpen);
    }

    @Test
    void whatCannotBeWrittenHasNone() throws IOException {
        assertThat(WorkspaceLock.of(Files.createFile(folder.resolve("file")))).isEmpty();
        try (WorkspaceLock lock = WorkspaceLock.of(folder).orElseThrow()) {
            assertThat(lock.locked()).isTrue();
        }
    }
}
