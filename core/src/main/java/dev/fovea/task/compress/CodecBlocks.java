package dev.fovea.task.compress;

import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.io.CodedImage;
import dev.fovea.io.EntropyCoder;
import dev.fovea.io.FormatException;
import dev.fovea.io.FrequencyTable;
import dev.fovea.models.TransformCodec;
import dev.fovea.train.ImageTensors;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A codec's network over images of any size, block by block, so that memory is that of one block. Blocks overlap by the
 * receptive field, so that their latents, and their pixels after decoding, are those of the whole.
 *
 * @param channels of the images, 1 or 3
 */
record CodecBlocks(TransformCodec net, List<FrequencyTable> tables, int channels, Device device) {

    /** Of a block in pixels: what no side exceeds is coded whole. */
    static final int SIDE = 512;

    private static final int STRIDE = TransformCodec.STRIDE;

    /** Pixels around a block that its latents depend on: 2 at each of four convolutions, 30 in all, and even. */
    private static final int SEEN = 2 * STRIDE;

    /** Latents around a block that its pixels depend on: fewer than 2. */
    private static final int HEARD = 2;

    /** Rows and columns of latents, the last of each not included. */
    private record Region(int top, int bottom, int left, int right) {
        int rows() {
            return bottom - top;
        }

        int columns() {
            return right - left;
        }

        Region around(int margin, int rows, int columns) {
            return new Region(
                    Math.max(0, top - margin),
                    Math.min(rows, bottom + margin),
                    Math.max(0, left - margin),
                    Math.min(columns, right + margin));
        }
    }

    private static int latents(int side) {
        return (side + STRIDE - 1) / STRIDE;
    }

    /** The image as a file has it: whole if it is small. */
    CodedImage encode(Image image, long model) {
        int rows = latents(image.height());
        int columns = latents(image.width());
        if (image.width() <= SIDE && image.height() <= SIDE) {
            byte[] code = encode(image, new Region(0, rows, 0, columns));
            return new CodedImage(model, image.width(), image.height(), code);
        }
        var blocks = new ByteArrayOutputStream();
        int each = SIDE / STRIDE;
        for (int top = 0; top < rows; top += each) {
            for (int left = 0; left < columns; left += each) {
                byte[] code = encode(
                        image, new Region(top, Math.min(rows, top + each), left, Math.min(columns, left + each)));
                blocks.writeBytes(ByteBuffer.allocate(4).putInt(code.length).array());
                blocks.writeBytes(code);
            }
        }
        return new CodedImage(model, image.width(), image.height(), SIDE, blocks.toByteArray());
    }

    private byte[] encode(Image image, Region block) {
        int top = Math.max(0, block.top() * STRIDE - SEEN);
        int left = Math.max(0, block.left() * STRIDE - SEEN);
        int bottom = Math.min(image.height(), block.bottom() * STRIDE + SEEN);
        int right = Math.min(image.width(), block.right() * STRIDE + SEEN);
        Image part = image.crop(left, top, right - left, bottom - top);
        Image coloured = channels == 1 ? part.toGray() : part.toRgb();
        float[] values;
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor input = extended(ImageTensors.of(List.of(coloured)).to(device));
            values = net.latents(input)
                    .round()
                    .narrow(2, block.top() - top / STRIDE, block.rows())
                    .narrow(3, block.left() - left / STRIDE, block.columns())
                    .toFloats();
        }
        int[] whole = new int[values.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = Math.round(values[i]);
        }
        int each = block.rows() * block.columns();
        return EntropyCoder.encode(whole, i -> tables.get(i / each));
    }

    /**
     * The image of a file.
     *
     * @throws FormatException if it is damaged
     */
    Image decode(CodedImage coded) {
        int rows = latents(coded.height());
        int columns = latents(coded.width());
        boolean whole = coded.side() == 0;
        if (!whole && coded.side() % STRIDE != 0) {
            throw new FormatException("coded image: the side of its blocks must be a multiple of %s, got %s"
                    .formatted(STRIDE, coded.side()));
        }
        var latents = new Latents(coded, rows, columns, whole ? Math.max(rows, columns) : coded.side() / STRIDE);
        byte[] pixels = new byte[Math.multiplyExact(Math.multiplyExact(coded.width(), coded.height()), channels)];
        int each = SIDE / STRIDE;
        for (int top = 0; top < rows; top += each) {
            for (int left = 0; left < columns; left += each) {
                draw(
                        new Region(top, Math.min(rows, top + each), left, Math.min(columns, left + each)),
                        latents,
                        coded,
                        pixels);
            }
        }
        latents.end();
        return new Image(coded.width(), coded.height(), channels, pixels);
    }

    private void draw(Region block, Latents latents, CodedImage coded, byte[] pixels) {
        Region seen = block.around(HEARD, latents.rows, latents.columns);
        int height = Math.min(coded.height(), block.bottom() * STRIDE) - block.top() * STRIDE;
        int width = Math.min(coded.width(), block.right() * STRIDE) - block.left() * STRIDE;
        Image part;
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor values = Tensor.of(latents.of(seen), 1, tables.size(), seen.rows(), seen.columns())
                    .to(device);
            Tensor output = net.image(values)
                    .narrow(2, (long) (block.top() - seen.top()) * STRIDE, height)
                    .narrow(3, (long) (block.left() - seen.left()) * STRIDE, width);
            part = ImageTensors.of(output).get(0);
        }
        int row = width * channels;
        for (int y = 0; y < height; y++) {
            int to = ((block.top() * STRIDE + y) * coded.width() + block.left() * STRIDE) * channels;
            System.arraycopy(part.pixels(), y * row, pixels, to, row);
        }
    }

    /** The latents of a file, read from the first block to the last as they are asked for, the rows above forgotten. */
    private final class Latents {
        private final int rows;
        private final int columns;
        private final int each;
        private final boolean lengths;
        private final ByteBuffer code;
        private final int[][][] bands;

        /** @param each rows and columns of a block */
        Latents(CodedImage coded, int rows, int columns, int each) {
            this.rows = rows;
            this.columns = columns;
            this.each = each;
            lengths = coded.side() > 0;
            code = ByteBuffer.wrap(coded.code());
            bands = new int[(rows + each - 1) / each][][];
        }

        private int next;

        /** Values [channel][row][column] of a region that is not above those asked for before. */
        float[] of(Region region) {
            float[] values = new float[tables.size() * region.rows() * region.columns()];
            while (next * each < region.bottom() && next < bands.length) {
                bands[next] = band(next++);
            }
            for (int b = 0; b < region.top() / each; b++) {
                bands[b] = null;
            }
            for (int y = region.top(); y < region.bottom(); y++) {
                int high = height(y / each);
                for (int x = region.left(); x < region.right(); x++) {
                    int wide = width(x / each);
                    int[] block = bands[y / each][x / each];
                    int from = y % each * wide + x % each;
                    int to = (y - region.top()) * region.columns() + x - region.left();
                    for (int c = 0; c < tables.size(); c++) {
                        values[c * region.rows() * region.columns() + to] = block[c * high * wide + from];
                    }
                }
            }
            return values;
        }

        private int height(int band) {
            return Math.min(each, rows - band * each);
        }

        private int width(int block) {
            return Math.min(each, columns - block * each);
        }

        private int[][] band(int number) {
            int[][] blocks = new int[(columns + each - 1) / each][];
            for (int b = 0; b < blocks.length; b++) {
                int places = Math.multiplyExact(height(number), width(b));
                blocks[b] = EntropyCoder.decode(
                        bytes(), Math.multiplyExact(places, tables.size()), i -> tables.get(i / places));
            }
            return blocks;
        }

        private byte[] bytes() {
            int length = !lengths ? code.remaining() : code.remaining() < 4 ? -1 : code.getInt();
            if (length < 0 || length > code.remaining()) {
                throw new FormatException("coded image: the data is damaged (a block ends too early)");
            }
            byte[] block = new byte[length];
            code.get(block);
            return block;
        }

        /** All of the file must have been read. */
        void end() {
            if (code.hasRemaining()) {
                throw new FormatException("coded image: the data is damaged (something follows its last block)");
            }
        }
    }

    /** By its last row and column, to multiples of the stride. */
    private static Tensor extended(Tensor image) {
        Tensor x = image;
        for (int dim = 2; dim <= 3; dim++) {
            int missing = (int) Math.floorMod(-x.size(dim), (long) STRIDE);
            Tensor[] parts = new Tensor[missing + 1];
            Arrays.fill(parts, x.narrow(dim, x.size(dim) - 1, 1));
            parts[0] = x;
            x = missing == 0 ? x : Tensor.cat(List.of(parts), dim);
        }
        return x;
    }
}
