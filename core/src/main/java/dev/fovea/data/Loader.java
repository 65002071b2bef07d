package dev.fovea.data;

import dev.fovea.image.Image;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Batches of a data set, prepared ahead by worker threads.
 *
 * <p>Order and augmentation of picture {@code i} in epoch {@code e} are drawn from {@code (seed, e, i)} alone,
 * whatever the number of workers. Prepared pictures are kept, so that files are decoded once if they fit.
 */
public final class Loader implements AutoCloseable {

    /**
     * How batches are made.
     *
     * @param batch pictures each, the last one may have fewer
     * @param seed of order and augmentation
     * @param workers threads, at least 1
     * @param shuffle whether each epoch has its own order
     * @param balanced whether rare classes are drawn as often as common ones, with repetition
     * @param cacheBytes most bytes of prepared pictures to keep
     */
    public record Options(int batch, long seed, int workers, boolean shuffle, boolean balanced, long cacheBytes) {

        private static final long TWO_GIB = 2L << 30;
        private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

        /** Shuffled anew each epoch. */
        public static Options training(int batch, long seed, boolean balanced) {
            return new Options(batch, seed, WORKERS, true, balanced, TWO_GIB);
        }

        /** In the data's order. */
        public static Options sequential(int batch) {
            return new Options(batch, 0, WORKERS, false, false, TWO_GIB);
        }
    }

    private final Dataset data;
    private final Preprocess preprocess;
    private final Augment augment;
    private final Options options;
    private final AtomicReferenceArray<byte[]> cache;
    private final ExecutorService workers;
    private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();

    public Loader(Dataset data, Preprocess preprocess, Augment augment, Options options) {
        this.data = data;
        this.preprocess = preprocess;
        this.augment = augment;
        this.options = options;
        cache = new AtomicReferenceArray<>((long) data.size() * bytes() <= options.cacheBytes() ? data.size() : 0);
        workers = Executors.newFixedThreadPool(options.workers(), task -> {
            var thread = new Thread(task, "loader");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Batches of one epoch. */
    public int batches() {
        return (data.size() + options.batch() - 1) / options.batch();
    }

    /** Pictures of one epoch. */
    public int size() {
        return data.size();
    }

    /**
     * The batches of one epoch.
     *
     * @param epoch whose order and augmentation they have
     * @param first batch to begin with, counted from 0: a resumed run enters in the middle
     */
    public Iterator<Batch> epoch(int epoch, int first) {
        return new Epoch(epoch, first);
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }

    private int bytes() {
        return preprocess.bytes();
    }

    private int[] order(int epoch) {
        var random = new SplittableRandom(options.seed() * 0x9E3779B97F4A7C15L + epoch);
        if (options.balanced()) {
            return Order.balanced(data, random);
        }
        if (options.shuffle()) {
            return Order.shuffled(data.size(), random);
        }
        int[] order = new int[data.size()];
        Arrays.setAll(order, i -> i);
        return order;
    }

    private byte[] prepared(int index) {
        byte[] known = cache.length() == 0 ? null : cache.get(index);
        if (known != null) {
            return known;
        }
        byte[] pixels = preprocess.apply(data, index).pixels();
        if (cache.length() > 0) {
            cache.set(index, pixels);
        }
        return pixels;
    }

    /** Before they are changed: a patch or crop is drawn anew each time, all else is prepared once. */
    private byte[] pixels(int index, SplittableRandom random) {
        if (patches()) {
            return preprocess
                    .patch(data.image(index), random.nextDouble(), random.nextDouble())
                    .pixels();
        }
        if (frames()) {
            return preprocess.apply(data, index, random).pixels();
        }
        return augment.crop() > 0 && !data.clips() ? cropped(index, random) : prepared(index);
    }

    /** Whether frames are chosen anew each time. */
    private boolean frames() {
        return options.shuffle() && data.clips() && !preprocess.clip().fixed();
    }

    private boolean patches() {
        return options.shuffle() && preprocess.resize() == ResizePolicy.PATCH;
    }

    /** A crop is taken from the picture as it was read: from the prepared one it would be blurred. */
    private byte[] cropped(int index, SplittableRandom random) {
        Image part = augment.cropped(data.image(index), random);
        return preprocess.withResize(ResizePolicy.STRETCH).apply(part).pixels();
    }

    private Batch assemble(int epoch, int[] indices, ByteBuffer buffer) {
        int size = bytes();
        byte[] all = new byte[size * indices.length];
        long[] labels = new long[indices.length];
        for (int i = 0; i < indices.length; i++) {
            if (augment.equals(Augment.none()) && !patches() && !frames()) {
                System.arraycopy(prepared(indices[i]), 0, all, i * size, size);
            } else {
                var random = new SplittableRandom(mix(options.seed(), epoch, indices[i]));
                byte[] pixels = pixels(indices[i], random);
                changed(pixels, random, all, i * size);
            }
            labels[i] = data.label(indices[i]);
        }
        buffer.clear();
        buffer.put(all).flip();
        return new Batch(
                buffer,
                indices.length,
                preprocess.clip().length(),
                preprocess.height(),
                preprocess.width(),
                preprocess.channels(),
                labels,
                indices);
    }

    /** Augmented; all frames of a clip in the same way. */
    private void changed(byte[] pixels, SplittableRandom random, byte[] out, int at) {
        int frames = preprocess.clip().length();
        if (frames == 1) {
            augment.apply(pixels, preprocess.width(), preprocess.height(), preprocess.channels(), random, out, at);
            return;
        }
        long seed = random.nextLong();
        int each = pixels.length / frames;
        for (int f = 0; f < frames; f++) {
            byte[] frame = Arrays.copyOfRange(pixels, f * each, (f + 1) * each);
            augment.apply(
                    frame,
                    preprocess.width(),
                    preprocess.height(),
                    preprocess.channels(),
                    new SplittableRandom(seed),
                    out,
                    at + f * each);
        }
    }

    private static long mix(long seed, long epoch, long index) {
        return ((seed * 0x9E3779B97F4A7C15L + epoch) * 0xBF58476D1CE4E5B9L + index) * 0x94D049BB133111EBL;
    }

    private ByteBuffer buffer() {
        synchronized (buffers) {
            return buffers.isEmpty() ? ByteBuffer.allocateDirect(bytes() * options.batch()) : buffers.pop();
        }
    }

    private void release(ByteBuffer buffer) {
        synchronized (buffers) {
            buffers.push(buffer);
        }
    }

    /** One pass; batches are handed to the workers a few ahead of the reader. */
    private final class Epoch implements Iterator<Batch> {

        private final int epoch;
        private final int[] order;
        private final ArrayDeque<Future<Batch>> ahead = new ArrayDeque<>();
        private final List<ByteBuffer> held = new ArrayList<>();
        private int next;
        private int delivered;

        Epoch(int epoch, int first) {
            this.epoch = epoch;
            order = order(epoch);
            next = first;
            delivered = first;
        }

        @Override
        public boolean hasNext() {
            return delivered < batches();
        }

        @Override
        public Batch next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            held.forEach(Loader.this::release);
            held.clear();
            while (next < batches() && ahead.size() <= options.workers() + 1) {
                int from = next++ * options.batch();
                int[] indices = Arrays.copyOfRange(order, from, Math.min(order.length, from + options.batch()));
                ByteBuffer buffer = buffer();
                ahead.add(workers.submit(() -> assemble(epoch, indices, buffer)));
            }
            try {
                Batch batch = ahead.remove().get();
                held.add(batch.pixels());
                delivered++;
                return batch;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for a batch", e);
            }
        }
    }
}
