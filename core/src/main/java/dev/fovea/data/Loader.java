package dev.fovea.data;

import dev.fovea.engine.Engine;
import dev.fovea.engine.Seed;
import dev.fovea.image.Size;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Batches of a data set, prepared ahead by worker threads.
 *
 * <p>Order and augmentation of image {@code i} in epoch {@code e} are drawn from {@code (seed, e, i)} alone,
 * whatever the number of workers. Prepared images are kept as far as there is room, so that their files are decoded once.
 */
public final class Loader implements AutoCloseable {

    /**
     * How batches are made.
     *
     * @param batch images each, the last one may have fewer
     * @param seed of order and augmentation
     * @param workers threads, at least 1
     * @param shuffle whether each epoch has its own order
     * @param sampling how often each class is drawn, where epochs are shuffled
     * @param cacheBytes most bytes of prepared images to keep
     * @param joinLast whether a last batch of a single image joins the one before
     */
    public record Options(
            int batch, long seed, int workers, boolean shuffle, Sampling sampling, long cacheBytes, boolean joinLast) {

        private static final long TWO_GIB = 2L << 30;

        /** One where one thread is asked for, else two or more: training waits for images less often than they for it. */
        private static int usualWorkers() {
            int threads = Engine.requestedThreads();
            return threads == 1 ? 1 : Math.max(2, threads / 2);
        }

        /** Shuffled anew each epoch, every image once. */
        public static Options training(int batch, long seed) {
            return training(batch, seed, Sampling.INSTANCE_BALANCED);
        }

        /** Shuffled anew each epoch. */
        public static Options training(int batch, long seed, Sampling sampling) {
            return new Options(batch, seed, usualWorkers(), true, sampling, TWO_GIB, false);
        }

        /** In the data's order, of large images or clips fewer at once. */
        public static Options sequential(int batch) {
            return new Options(batch, 0, usualWorkers(), false, Sampling.INSTANCE_BALANCED, TWO_GIB, false);
        }

        /** For networks that learn nothing from a single image. */
        public Options withJoinLast(boolean value) {
            return new Options(batch, seed, workers, shuffle, sampling, cacheBytes, value);
        }
    }

    /**
     * What only training asks for.
     *
     * @param augmentRepeats how often a batch holds each of its images, augmented anew each time; an epoch keeps its number of
     *     images
     * @param sizes of the images
     * @param epochs of the run, for what ends before them
     * @param balancedCrops random views of an image of whose pixels the classes are known; that which shows most of rare classes is taken
     * @param perClass images of a class that follow each other in a batch; 1 for images in any order
     */
    public record Training(int augmentRepeats, Sizes sizes, int epochs, int balancedCrops, int perClass) {

        /** Of a run whose length changes nothing. */
        public Training(int augmentRepeats, Sizes sizes) {
            this(augmentRepeats, sizes, Integer.MAX_VALUE, 1, 1);
        }

        /** The same with so many images of a class one after the other. */
        public Training withPerClass(int value) {
            return new Training(augmentRepeats, sizes, epochs, balancedCrops, value);
        }

        /** Every image once, in one size. */
        static Training plain(Preprocess preprocess) {
            return new Training(1, new OneSize(preprocess.size()));
        }
    }

    /** Sizes of images, by when they are shown. */
    @FunctionalInterface
    public interface Sizes {

        /**
         * Of the images of a batch, at most that of the preprocessing; always the same.
         *
         * @param epoch from 1
         * @param batch of the epoch, from 0
         */
        Size of(int epoch, int batch);
    }

    /** The same size always. */
    public record OneSize(Size size) implements Sizes {

        @Override
        public Size of(int epoch, int batch) {
            return size;
        }
    }

    private static final long ORDER = 1;
    private static final long CHANGES = 2;
    private static final long MIXES = 4; // 3 is that of splits

    /** Where the size of a batch changes no result, it stays below this: a network needs some hundred times as much. */
    private static final long SEQUENTIAL_BYTES = 4L << 20;

    /** Share of an object that must be seen of it in what a network is shown. */
    private static final double LEAST_VISIBLE = 0.1;

    private final Dataset data;
    private final Preprocess preprocess;
    private final Augmentation augmentation;
    private final Options options;
    private final Training training;
    private final Optional<BalancedCrops> balanced;
    private final ImagePipeline pipeline;

    /** Of other sizes than that of the preprocessing. */
    private final Map<Size, ImagePipeline> pipelines = new ConcurrentHashMap<>();

    private final ImageSources sources;
    private final int batch;
    private final int batchBytes;
    private final int ahead;
    private final ExecutorService workers;
    private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();

    /** A batch in the making, one for each worker. */
    private final ThreadLocal<byte[]> scratch;

    public Loader(Dataset data, Preprocess preprocess, Augmentation augmentation, Options options) {
        this(data, preprocess, augmentation, options, Training.plain(preprocess));
    }

    public Loader(Dataset data, Preprocess preprocess, Augmentation augmentation, Options options, Training training) {
        this.training = training;
        this.data = data;
        this.preprocess = preprocess;
        this.augmentation = augmentation;
        this.options = options;
        pipeline = pipeline(preprocess.size());
        balanced = training.balancedCrops() > 1
                ? Optional.of(new BalancedCrops(data, training.balancedCrops()))
                : Optional.empty();
        batch = options.shuffle()
                ? options.batch()
                : (int) Math.min(options.batch(), Math.max(1, SEQUENTIAL_BYTES / preprocess.bytes()));
        batchBytes = batchBytes(preprocess, Math.min(joinsLast() ? batch + 1 : batch, Math.max(1, data.size())));
        scratch = ThreadLocal.withInitial(() -> new byte[batchBytes]);
        ahead = (int) Math.max(1, Math.min(options.workers() + 2L, ImageSources.spare() / 2 / batchBytes));
        sources = new ImageSources(
                data,
                preprocess,
                pipeline,
                options.shuffle(),
                Math.min(options.cacheBytes(), ImageSources.spare() / 2));
        workers = Executors.newFixedThreadPool(options.workers(), task -> {
            var thread = new Thread(task, "loader");
            thread.setDaemon(true);
            return thread;
        });
    }

    private ImagePipeline pipeline(Size size) {
        return new ImagePipeline(
                preprocess.withSize(size), augmentation, options.shuffle(), training.sizes() instanceof OneSize);
    }

    private ImagePipeline pipeline(int epoch, int number) {
        Size size = training.sizes().of(epoch, number);
        return size.equals(preprocess.size()) ? pipeline : pipelines.computeIfAbsent(size, this::pipeline);
    }

    /**
     * The bytes of a batch.
     *
     * @throws IllegalArgumentException if they are more than a third of Java's memory, or than a buffer holds
     */
    public static int batchBytes(Preprocess preprocess, int images) {
        long bytes = (long) preprocess.bytes() * images;
        long most = Math.min(Preprocess.MOST_BYTES, Runtime.getRuntime().maxMemory() / 3);
        if (bytes > most) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "batch: %,d images of %dx%dx%d%s take %,d MB, a batch may take %,d MB here. Set batch=%d or a smaller input.size%s",
                    images,
                    preprocess.height(),
                    preprocess.width(),
                    preprocess.channels(),
                    preprocess.frames().length() == 1
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    " in clips of %d frames",
                                    preprocess.frames().length()),
                    bytes >> 20,
                    most >> 20,
                    Math.max(1, most / preprocess.bytes()),
                    most == Preprocess.MOST_BYTES ? "" : ", or give Java more memory"));
        }
        return (int) bytes;
    }

    /** Batches of one epoch. */
    public int batches() {
        int whole = data.size() / batch;
        return data.size() % batch == 0 || joinsLast() ? whole : whole + 1;
    }

    /** Whether the last batch has one image more than the others, as it would stand alone. */
    public boolean joinsLast() {
        return options.joinLast() && data.size() > batch && data.size() % batch == 1;
    }

    /** Images of one batch, counted from 0. */
    public int size(int index) {
        return end(index) - index * batch;
    }

    private int end(int index) {
        return index + 1 == batches() ? data.size() : (index + 1) * batch;
    }

    /** Images of one epoch. */
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

    /** Random numbers of a loader, by what they are for, the epoch and perhaps the image. */
    static SplittableRandom random(long seed, long... key) {
        return new Seed(seed).derive(key).random();
    }

    private int[] order(int epoch) {
        int[] drawn = drawn(epoch);
        if (training.augmentRepeats() == 1) {
            return drawn;
        }
        int[] order = new int[drawn.length];
        Arrays.setAll(order, i -> {
            int number = Math.min(i / batch, batches() - 1);
            int place = (i - number * batch) % different(size(number));
            return drawn[(number * different(batch) + place) % drawn.length];
        });
        return order;
    }

    /** Of a batch of so many; the repeats follow once all have been, so that mixup does not mix an image with itself. */
    private int different(int images) {
        return (images + training.augmentRepeats() - 1) / training.augmentRepeats();
    }

    private int[] drawn(int epoch) {
        if (options.shuffle()) {
            SplittableRandom random = random(options.seed(), ORDER, epoch);
            return training.perClass() > 1
                    ? Order.grouped(data, training.perClass(), random)
                    : Order.sampled(data, options.sampling(), random);
        }
        int[] order = new int[data.size()];
        Arrays.setAll(order, i -> i);
        return order;
    }

    /** Writes what the network is shown of an image, all frames of a clip changed in the same way; returns its target. */
    private Target make(ImagePipeline pipeline, int epoch, int index, int repeat, byte[] out, int at) {
        Target target = data.target(index);
        boolean moves = target.moves();
        if (moves && pipeline.displaces()) {
            throw new DataException(
                    "augmix: mixes copies that were moved, which boxes, masks and labels of pixels do not fit. Set moves=false");
        }
        if (pipeline.still() && !moves && !sources.choosesFrames()) {
            sources.get(index, null).copy(out, at);
            return target;
        }
        SplittableRandom random = repeat == 0
                ? random(options.seed(), CHANGES, epoch, index)
                : random(options.seed(), CHANGES, epoch, index, repeat);
        ImageSources.Source source = sources.get(index, random);
        int each = pipeline.preprocess().bytes() / source.frames().size();
        var moment = new GeometricTransform.Moment(options.seed(), epoch, index);
        long seed = balanced.isPresent() && target instanceof Target.PixelLabels labels
                ? balanced.get()
                        .best(
                                random,
                                labels.classes(),
                                view -> pipeline.draw(source.read().get(0), new SplittableRandom(view), moment)
                                        .geometry())
                : random.nextLong();
        ImagePipeline.Drawn drawn = null;
        for (int f = 0; f < source.frames().size(); f++) {
            var same = new SplittableRandom(seed);
            drawn = pipeline.draw(source.read().get(f), same, moment);
            pipeline.apply(source.frames().get(f), drawn, same, out, at + f * each);
        }
        return moves ? drawn.geometry().apply(target, LEAST_VISIBLE, preprocess.filter()) : target;
    }

    private Batch assemble(int epoch, int number, int[] indices, ByteBuffer buffer) {
        ImagePipeline pipeline = pipeline(epoch, number);
        Preprocess shown = pipeline.preprocess();
        int size = shown.bytes();
        byte[] all = scratch.get();
        var each = new ArrayList<Target>(indices.length);
        for (int i = 0; i < indices.length; i++) {
            each.add(make(pipeline, epoch, indices[i], i / different(indices.length), all, i * size));
        }
        Targets targets = mixed(shown, epoch, number, all, each);
        buffer.clear();
        buffer.put(all, 0, size * indices.length).flip();
        return new Batch(
                buffer,
                indices.length,
                shown.frames().length(),
                shown.height(),
                shown.width(),
                shown.channels(),
                targets,
                indices);
    }

    /** The targets after one of the changes of whole batches, if any. */
    private Targets mixed(Preprocess shown, int epoch, int number, byte[] all, List<Target> each) {
        List<BatchTransform> choice = augmentation.batches();
        if (choice.isEmpty()) {
            return Targets.of(each);
        }
        SplittableRandom random = random(options.seed(), MIXES, epoch, number);
        BatchTransform transform = choice.get(random.nextInt(choice.size()));
        if (transform.ended(epoch, training.epochs())) {
            return Targets.of(each);
        }
        var frames =
                new BatchTransform.Frames(shown.frames().length(), shown.height(), shown.width(), shown.channels());
        return transform.apply(all, frames, each, data.classes().size(), random);
    }

    private ByteBuffer buffer() {
        synchronized (buffers) {
            return buffers.isEmpty() ? ByteBuffer.allocateDirect(batchBytes) : buffers.pop();
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
        private final ArrayDeque<Future<Batch>> queue = new ArrayDeque<>();
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
            while (next < batches() && queue.size() < ahead) {
                int number = next++;
                int[] indices = Arrays.copyOfRange(order, number * batch, end(number));
                ByteBuffer buffer = buffer();
                queue.add(workers.submit(() -> assemble(epoch, number, indices, buffer)));
            }
            try {
                Batch made = queue.remove().get();
                held.add(made.pixels());
                delivered++;
                return made;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for a batch", e);
            }
        }
    }
}
