package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.http.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class StorageTest {

    @Test
    void aFullDiskIsSaidToBeFull() {
        Refusal full = Storage.refusal(new IOException("No space left on device"));
        assertThat(full.status()).isEqualTo(507);
        assertThat(full).hasMessage("the disk is full (No space left on device). Free some space, then try again");
        Refusal named = Storage.refusal(new UncheckedIOException(
                "flowers/a.jpg: cannot be written (Disk quota exceeded)", new IOException("Disk quota exceeded")));
        assertThat(named.status()).isEqualTo(507);
        assertThat(named).hasMessageContaining("flowers/a.jpg");
    }

    @Test
    void aDiskThatMayOnlyBeReadIsSaidToBe() {
        Refusal readOnly = Storage.refusal(new FileSystemException("/mnt/a.jpg", null, "Read-only file system"));
        assertThat(readOnly.status()).isEqualTo(409);
        assertThat(readOnly)
                .hasMessage(
                        "the disk may only be read (/mnt/a.jpg: Read-only file system). Open a folder that can be written");
    }

    @Test
    void aFileThatIsGoneIsNotTheServersFault() {
        Refusal gone = Storage.refusal(new NoSuchFileException("flowers/a.jpg"));
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone).hasMessage("flowers/a.jpg: no such file, was it moved?");
    }
}
