package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Images of a data set as they are before random changes, kept in memory once they are read, as far as there is room. */
final class ImageSources {

    /**
     * An image or the frames of a clip, ready for the pipeline.
     *
     * @param only the pixels of an only frame, so that they are found at once; none where there are several
     * @param read sizes of the frames as they were read
     */
    record Source(byte[] only, List<Image> frames, List<Size> read) {

        private int bytes() {
            return frames.stream().mapToInt(frame -> frame.pixels().length).sum();
        }

        /** Writes the pixels as they are. */
        void copy(byte[] out, int at) {
            if (only.length > 0) {
                System.arraycopy(only, 0, out, at, only.length);
                return;
            }
            int to = at;
            for (Image frame : frames) {
                System.arraycopy(frame.pixels(), 0, out, to, frame.pixels().length);
                to += frame.pixels().length;
            }
        }
    }

    private final Dataset data;
    private final Preprocess preprocess;
    private final ImagePipeline pipeline;
    private final boolean choosesFrames;
    private final AtomicReferenceArray<Source> cache;
    private final AtomicLong room;

    /**
     * @param training whether frames of clips are chosen anew each time, where the preprocessing says so
     * @param bytes of images that may be kept
     */
    ImageSources(Dataset data, Preprocess preprocess, ImagePipeline pipeline, boolean training, long bytes) {
        this.data = data;
        this.preprocess = preprocess;
        this.pipeline = pipeline;
        choosesFrames = training && data.clips() && !preprocess.frames().fixed();
        room = new AtomicLong(bytes);
        cache = new AtomicReferenceArray<>(bytes >= preprocess.bytes() ? data.size() : 0);
    }

    /** Bytes of Java's memory that nothing holds now, or that only garbage does not hold. */
    static long spare() {
        var java = Runtime.getRuntime();
        return java.maxMemory() - (java.totalMemory() - java.freeMemory());
    }

    /** Whether frames are chosen anew each time. */
    boolean choosesFrames() {
        return choosesFrames;
    }

    /** Frames of clips that are chosen anew each time, and images of which patches are taken, are not kept here. */
    Source get(int index, SplittableRandom random) {
        if (choosesFrames) {
            return ready(preprocess.seen(data, index, random));
        }
        Source known = cache.length() == 0 ? null : cache.get(index);
        if (known != null) {
            return known;
        }
        Source source = ready(preprocess.seen(data, index));
        if (cache.length() > 0 && !pipeline.patches()) {
            int bytes = source.bytes();
            if (room.addAndGet(-bytes) < 0 || !cache.compareAndSet(index, null, source)) {
                room.addAndGet(bytes);
            }
        }
        return source;
    }

    private Source ready(List<Image> frames) {
        List<Image> ready = frames.stream().map(pipeline::ready).toList();
        return new Source(
                ready.size() == 1 ? ready.get(0).pixels() : new byte[0],
                ready,
                frames.stream().map(Image::size).toList());
    }
}
