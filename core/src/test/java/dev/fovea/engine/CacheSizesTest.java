package dev.fovea.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheSizesTest {

    private static final int[] ONE_BYTE_EACH = {1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 3};

    @Test
    void findsCachesOfOneByteAmongOtherNumbers() {
        int[] memory = new int[200];
        Arrays.fill(memory, 1);
        System.arraycopy(ONE_BYTE_EACH, 0, memory, 77, ONE_BYTE_EACH.length);
        assertThat(CacheSizes.find(IntBuffer.wrap(memory))).hasValue(77);
        memory[78] = 512 << 10;
        assertThat(CacheSizes.find(IntBuffer.wrap(memory)))
                .as("a second cache of another size")
                .isEmpty();
    }

    @Test
    void findsNothingWhereTwoPlacesLookAlike() {
        int[] memory = new int[100];
        System.arraycopy(ONE_BYTE_EACH, 0, memory, 3, ONE_BYTE_EACH.length);
        System.arraycopy(ONE_BYTE_EACH, 0, memory, 50, ONE_BYTE_EACH.length);
        assertThat(CacheSizes.find(IntBuffer.wrap(memory))).isEmpty();
    }

    @Test
    void looksInTheVariablesOfTheLibraryAlone() {
        assertThat(CacheSizes.variables(List.of(
                        "7f0000000000-7f0000010000 r-xp 00db2000 fe:00 16039974                   /lib/libtorch_cpu.so",
                        "7f0000010000-7f0000020000 rw-p 0e749000 fe:00 16039974                   /lib/libtorch_cpu.so",
                        "7f0000020000-7f0000030000 rw-p 00000000 00:00 0 ",
                        "7f0000030000-7f0000040000 rw-p 00000000 00:00 0 ",
                        "7f0000040000-7f0000050000 rw-p 00000000 fe:00 16039975                   /lib/libc10.so",
                        "7f0000050000-7f0000060000 rw-p 00000000 00:00 0                          [heap]")))
                .containsExactly(
                        new CacheSizes.Range(0x7f0000020000L, 0x7f0000030000L),
                        new CacheSizes.Range(0x7f0000010000L, 0x7f0000020000L));
    }
}
