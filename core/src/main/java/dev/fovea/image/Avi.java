package dev.fovea.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The frames of a motion JPEG AVI: each is a JPEG and is looked at as one, sizes before memory. OpenCV writes what is wrong with
 * such files to the terminal, and believes the sizes that frames name.
 *
 * <p>Chunks are walked from the front; neither the index nor the header's count of frames is needed, both may be wrong.
 */
final class Avi {

    /** Lists within lists; a file of nothing else must not end the stack. */
    private static final int DEEPEST = 4;

    /** Where a frame lies. */
    private record Frame(long at, int length) {}

    private final Path file;
    private final List<Frame> frames = new ArrayList<>();
    private boolean cutOff;

    private Avi(Path file) {
        this.file = file;
    }

    /** Whether it is a video of this kind: its first frame begins as a JPEG does. */
    static boolean matches(Path file) throws IOException {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < 12 || !word(in, 0).equals("RIFF") || !word(in, 8).equals("AVI ")) {
                return false;
            }
            Avi avi = new Avi(file);
            avi.walk(in, 12, in.length(), 1, 0);
            if (avi.frames.isEmpty()) {
                return false;
            }
            in.seek(avi.frames.get(0).at());
            return in.readUnsignedShort() == 0xFFD8;
        }
    }

    static Avi of(Path file) throws IOException {
        var avi = new Avi(file);
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            long end = Math.min(in.length(), 8 + le32(in, 4));
            avi.cutOff = in.length() < 8 + le32(in, 4);
            avi.walk(in, 12, end, Integer.MAX_VALUE, 0);
        }
        return avi;
    }

    /** @throws ImageException if the file ends before its last chunk does */
    int count() {
        if (cutOff) {
            throw new ImageException(file
                    + ": the video is cut off after %s frames. Delete it, or skip broken images"
                            .formatted(frames.size()));
        }
        return frames.size();
    }

    Image frame(int index) throws IOException {
        if (index >= frames.size()) {
            throw new ImageException("%s: ends after %s frames, %s were asked for. Delete it, or skip broken images"
                    .formatted(file, frames.size(), index + 1));
        }
        Frame frame = frames.get(index);
        byte[] bytes = new byte[frame.length()];
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(frame.at());
            in.readFully(bytes);
        }
        return Image.decode(bytes, "%s, frame %s".formatted(file, index));
    }

    private void walk(RandomAccessFile in, long from, long end, int most, int depth) throws IOException {
        long at = from;
        while (at + 8 <= end && frames.size() < most) {
            String type = word(in, at);
            long size = le32(in, at + 4);
            boolean fits = at + 8 + size <= end;
            if (type.equals("LIST") && depth < DEEPEST) {
                walk(in, at + 12, Math.min(end, at + 8 + size), most, depth + 1);
            } else if (type.matches("\\d\\dd[bc]") && size > 0 && fits && size <= Input.MOST_BYTES) {
                frames.add(new Frame(at + 8, (int) size));
            }
            cutOff |= !fits;
            at += 8 + size + (size & 1);
        }
    }

    private static String word(RandomAccessFile in, long at) throws IOException {
        byte[] four = new byte[4];
        in.seek(at);
        in.readFully(four);
        return new String(four, StandardCharsets.ISO_8859_1);
    }

    private static long le32(RandomAccessFile in, long at) throws IOException {
        in.seek(at);
        try {
            return Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
        } catch (EOFException e) {
            return 0;
        }
    }
}
