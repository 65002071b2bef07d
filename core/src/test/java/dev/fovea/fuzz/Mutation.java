package dev.fovea.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damage as files suffer it and as an attacker does it: flipped, cut, repeated, swapped and telling bytes. */
final class Mutation {

    private static final int[] TELLING = {0, 1, 0x7F, 0x80, 0xFF, '"', '{', '[', '\n', ',', '/', '-', '9'};

    private final Random random;

    Mutation(long seed) {
        random = new Random(seed);
    }

    byte[] of(List<byte[]> seeds) {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            bytes = once(bytes, seeds);
        }
        return bytes;
    }

    private byte[] once(byte[] in, List<byte[]> seeds) {
        if (in.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(random.nextBoolean() ? Math.min(in.length, 64) : in.length);
        int count = Math.min(in.length - at, 1 + random.nextInt(8));
        byte[] out = in.clone();
        switch (random.nextInt(7)) {
            case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> out[at] = (byte) TELLING[random.nextInt(TELLING.length)];
            case 2 -> Arrays.fill(out, at, at + count, (byte) TELLING[random.nextInt(TELLING.length)]);
            case 3 -> out = Arrays.copyOf(in, at);
            case 4 -> out = joined(in, at, Arrays.copyOfRange(in, at, at + count), at);
            case 5 -> out = joined(in, at, new byte[0], at + count);
            default -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int from = random.nextInt(other.length + 1);
                out = joined(in, at, Arrays.copyOfRange(other, from, other.length), in.length);
            }
        }
        return out;
    }

    /** {@code in} up to {@code head}, then {@code middle}, then {@code in} from {@code tail}. */
    private static byte[] joined(byte[] in, int head, byte[] middle, int tail) {
        byte[] out = Arrays.copyOf(in, head + middle.length + in.length - tail);
        System.arraycopy(middle, 0, out, head, middle.length);
        System.arraycopy(in, tail, out, head + middle.length, in.length - tail);
        return out;
    }
}
