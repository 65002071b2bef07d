package dev.fovea.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * GIF, frame by frame as they are seen: each laid on what the ones before left, transparent places on white, as
 * <a href="https://www.w3.org/Graphics/GIF/spec-gif89a.txt">GIF89a</a> and browsers have it. A first frame that is larger than the
 * screen it names enlarges it; later ones are clipped.
 */
final class Gif {

    private static final int MOST_FRAMES = 100_000;
    /** First row and step of the passes of an interlaced frame. */
    private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

    private static final byte WHITE = (byte) 255;

    private final Input in;
    private final int[] global;
    private int at;
    private int width;
    private int height;
    private byte[] canvas;
    private int transparent = -1;
    private int disposal;
    /** What the last frame asks to be done with its place before the next one. */
    private Runnable before = () -> {};

    private Gif(Input in) {
        this.in = in;
        width = in.le16(6);
        height = in.le16(8);
        int flags = in.u8(10);
        at = 13;
        global = (flags & 0x80) != 0 ? palette(flags) : new int[0];
    }

    /** The first frame. */
    static Image first(Input in) {
        var images = new ArrayList<Image>();
        new Gif(in).read(image -> {
            images.add(image);
            return false;
        });
        return images.get(0);
    }

    /**
     * All frames.
     *
     * @throws ImageException if they hold more than {@link Image#MOST_PIXELS} in all
     */
    static List<Image> frames(Input in) {
        var images = new ArrayList<Image>();
        new Gif(in).read(image -> {
            long most = Math.min(MOST_FRAMES, Image.MOST_PIXELS / ((long) image.width() * image.height()));
            if (images.size() == most) {
                throw in.failed(
                        "more than the %s frames of %s x %s pixels allowed. Cut it into clips, or skip broken images"
                                .formatted(most, image.width(), image.height()));
            }
            images.add(image);
            return true;
        });
        return images;
    }

    /** Hands over one frame after the other until {@code more} says no or the file ends. */
    private void read(Predicate<Image> more) {
        boolean any = false;
        int zeros = 0;
        while (true) {
            if (any && at == in.length()) {
                if (zeros > 0) {
                    throw in.cutOff();
                }
                in.note("it has no end mark");
                return;
            }
            int block = in.u8(at++);
            if (block == 0 && any) {
                zeros++; // some writers put one before the end mark
                continue;
            }
            if (block == 0x3B) {
                if (!any) {
                    throw in.damaged("no frame");
                }
                return;
            }
            if (block == 0x21) {
                extension();
            } else if (block == 0x2C) {
                any = true;
                if (!more.test(frame())) {
                    return;
                }
            } else {
                throw in.damaged("byte %s begins no block".formatted(at - 1));
            }
        }
    }

    private int[] palette(int flags) {
        int[] colours = new int[2 << (flags & 7)];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = in.be16(at) << 8 | in.u8(at + 2L);
            at += 3;
        }
        return colours;
    }

    private void extension() {
        int label = in.u8(at++);
        if (label == 0xF9 && in.u8(at) >= 4) {
            int flags = in.u8(at + 1L);
            disposal = flags >> 2 & 7;
            transparent = (flags & 1) != 0 ? in.u8(at + 4L) : -1;
        }
        skipBlocks();
    }

    private void skipBlocks() {
        int size;
        do {
            size = in.u8(at);
            at += 1 + size;
        } while (size > 0);
    }

    private Image frame() {
        int left = in.le16(at);
        int top = in.le16(at + 2L);
        int w = in.le16(at + 4L);
        int h = in.le16(at + 6L);
        int flags = in.u8(at + 8L);
        at += 9;
        if (canvas == null) {
            width = Math.max(width, left + w);
            height = Math.max(height, top + h);
            in.size(width, height, 4);
            canvas = new byte[3 * width * height];
            Arrays.fill(canvas, WHITE);
        }
        in.size(w, h, 4);
        int[] colours = (flags & 0x80) != 0 ? palette(flags) : global;
        byte[] indices = indices(w * h);
        before.run();
        var place = new Place(left, top, Math.min(w, width - left), Math.min(h, height - top));
        before = disposal == 2 ? place.whitened() : disposal == 3 ? place.restored() : () -> {};
        for (int row = 0; row < h; row++) {
            int y = (flags & 0x40) != 0 ? interlaced(row, h) : row;
            if (y < place.height) {
                draw(indices, row * w, place, y, colours);
            }
        }
        transparent = -1;
        disposal = 0;
        return new Image(width, height, 3, canvas.clone());
    }

    /** The part of a frame that lies on the canvas. */
    private final class Place {
        private final int left;
        private final int top;
        private final int width;
        private final int height;

        Place(int left, int top, int width, int height) {
            this.left = left;
            this.top = top;
            this.width = width;
            this.height = height;
        }

        int start(int y) {
            return 3 * ((top + y) * Gif.this.width + left);
        }

        Runnable whitened() {
            return () -> {
                for (int y = 0; y < height && width > 0; y++) {
                    Arrays.fill(canvas, start(y), start(y) + 3 * width, WHITE);
                }
            };
        }

        Runnable restored() {
            byte[] kept = canvas.clone();
            return () -> canvas = kept;
        }
    }

    private void draw(byte[] indices, int from, Place place, int y, int[] colours) {
        int to = place.start(y);
        for (int x = 0; x < place.width; x++, to += 3) {
            int index = indices[from + x] & 0xFF;
            if (index == transparent) {
                continue;
            }
            if (index >= colours.length) {
                throw in.damaged("colour %s of a palette of %s".formatted(index, colours.length));
            }
            canvas[to] = (byte) (colours[index] >> 16);
            canvas[to + 1] = (byte) (colours[index] >> 8);
            canvas[to + 2] = (byte) colours[index];
        }
    }

    /** Where the n-th stored row belongs: every eighth, the ones between, every second, the rest. */
    private static int interlaced(int row, int height) {
        int n = row;
        for (int[] pass : PASSES) {
            int rows = (height - pass[0] + pass[1] - 1) / pass[1];
            if (n < rows) {
                return pass[0] + n * pass[1];
            }
            n -= rows;
        }
        return row;
    }

    /** Unpacks LZW codes of growing width. */
    private byte[] indices(int count) {
        int bits = in.u8(at++);
        if (bits < 1 || bits > 11) {
            throw in.damaged("codes of %s bits".formatted(bits));
        }
        // 4,096 bytes of each code of 12 bits at most
        if (count / 4096 / 2 > in.length() - at) {
            throw in.cutOff();
        }
        byte[] out = new byte[count];
        int clear = 1 << bits;
        int[] prefix = new int[4096];
        byte[] suffix = new byte[4096];
        int[] lengths = new int[4096];
        for (int i = 0; i < clear; i++) {
            suffix[i] = (byte) i;
            lengths[i] = 1;
        }
        int size = bits + 1;
        int next = clear + 2;
        int last = -1;
        int done = 0;
        int buffer = 0;
        int filled = 0;
        int blockEnd = at;
        while (done < count) {
            while (filled < size) {
                if (at == blockEnd) {
                    int length = in.u8(at++);
                    if (length == 0) {
                        throw in.cutOff();
                    }
                    blockEnd = at + length;
                }
                buffer |= in.u8(at++) << filled;
                filled += 8;
            }
            int code = buffer & (1 << size) - 1;
            buffer >>>= size;
            filled -= size;
            if (code == clear) {
                size = bits + 1;
                next = clear + 2;
                last = -1;
                continue;
            }
            if (code == clear + 1) {
                throw in.cutOff();
            }
            if (last < 0 ? code >= clear : code > next) {
                throw in.damaged(
                        "the code %s where %s is the largest yet".formatted(code, last < 0 ? clear - 1 : next));
            }
            if (last >= 0 && next < 4096) {
                int head = code == next ? last : code;
                while (head >= clear) {
                    head = prefix[head];
                }
                prefix[next] = last;
                suffix[next] = (byte) head;
                lengths[next] = lengths[last] + 1;
                next++;
                if (next == 1 << size && size < 12) {
                    size++;
                }
            }
            int end = done + lengths[code];
            for (int c = code, i = end - 1; i >= done; i--) {
                if (i < count) {
                    out[i] = suffix[c];
                }
                c = prefix[c];
            }
            done = end;
            last = code;
        }
        at = blockEnd;
        skipBlocks();
        return out;
    }
}
