package dev.fovea.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A few hundred damaged inputs a reader; {@code bench/fuzz} runs a million, guided by coverage. */
class ReadersTest {

    private static final Set<Reader> SLOW = EnumSet.of(
            Reader.VIDEO,
            Reader.CONFIG,
            Reader.WEIGHTS,
            Reader.CODEC_WEIGHTS,
            Reader.CODED_IMAGE,
            Reader.CHECKPOINT,
            Reader.MODELS,
            Reader.MODEL_PHRASES,
            Reader.CHARTS);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void readsWhatIsSound(Reader reader) throws IOException {
        for (byte[] seed : reader.seeds()) {
            assertThat(Verdict.of(reader, seed, empty())).isEqualTo(Verdict.READ);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsDamagedWithOneSentence(Reader reader) throws IOException {
        List<byte[]> seeds = reader.seeds();
        var mutation = new Mutation(reader.ordinal());
        for (int i = 0; i < (SLOW.contains(reader) ? 30 : 300); i++) {
            Verdict.of(reader, mutation.of(seeds), empty());
        }
    }

    private Path empty() throws IOException {
        Path inner = folder.resolve("inner");
        Seeds.delete(inner);
        return Files.createDirectories(inner);
    }
}
