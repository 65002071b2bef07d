package dev.fovea.image;

import dev.fovea.io.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.opencv.global.opencv_videoio;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_videoio.VideoCapture;

/**
 * Moving images: animated GIFs, and video files where OpenCV has their codec. A GIF is decoded whole, so that it may not
 * have more pixels in all its frames than an image may: {@link Image#MOST_PIXELS}.
 */
public final class Movie {

    private Movie() {}

    /**
     * All frames of a GIF as they are seen, one laid on the other; one frame if it does not move.
     *
     * @param name for messages
     * @throws ImageException if it is damaged or too large
     */
    public static List<Image> gif(byte[] bytes, String name) {
        var in = new Input(bytes, name);
        in.readable();
        return in.format == Format.GIF ? Gif.frames(in) : List.of(Image.decode(bytes, name));
    }

    /** Frames a second of a video, 25 where it does not say; 10 of a GIF. */
    public static double perSecond(Path file) {
        if (String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".gif")) {
            return 10;
        }
        try (VideoCapture video = open(file)) {
            double said = video.get(opencv_videoio.CAP_PROP_FPS);
            return said >= 1 && said <= 1000 ? said : 25;
        } catch (RuntimeException e) {
            throw said(file, e);
        }
    }

    /**
     * How many frames a video has, found by going through it.
     *
     * @throws ImageException if its codec is not there, or it has no frame
     */
    public static int count(Path file) {
        Avi avi = avi(file);
        if (avi != null && avi.count() > 0) {
            return avi.count();
        }
        try (VideoCapture video = open(file)) {
            int count = 0;
            while (video.grab()) {
                count = Math.addExact(count, 1);
            }
            if (count == 0) {
                throw new ImageException(file + ": a video without a frame. Delete it, or skip broken images");
            }
            return count;
        } catch (RuntimeException e) {
            throw said(file, e);
        }
    }

    /** OpenCV's own errors are several lines about its source files. */
    private static ImageException said(Path file, RuntimeException e) {
        return e instanceof ImageException image
                ? image
                : new ImageException(file + ": a damaged video. Delete it, or skip broken images");
    }

    /**
     * Some frames of a video.
     *
     * @param positions from 0
     * @throws ImageException if its codec is not there, or it ends before the last of them
     */
    public static List<Image> frames(Path file, int... positions) {
        int last = Arrays.stream(positions).max().orElse(-1);
        Map<Integer, Image> found = new HashMap<>();
        Avi avi = avi(file);
        if (avi != null) {
            try {
                for (int position : positions) {
                    found.put(position, avi.frame(position));
                }
                return Arrays.stream(positions).mapToObj(found::get).toList();
            } catch (IOException e) {
                throw new ImageException(file + ": cannot be read (" + e.getMessage() + ")");
            }
        }
        try (VideoCapture video = open(file);
                var frame = new Mat()) {
            for (int i = 0; i <= last; i++) {
                int at = i;
                if (!video.grab()) {
                    throw new ImageException(
                            "%s: ends after %s frames, %s were asked for. Delete it, or skip broken images"
                                    .formatted(file, i, last + 1));
                }
                if (Arrays.stream(positions).anyMatch(p -> p == at)) {
                    if (!video.retrieve(frame) || frame.empty()) {
                        throw new ImageException(
                                "%s: frame %s is damaged. Delete it, or skip broken images".formatted(file, i));
                    }
                    found.put(i, Native.frame(frame));
                }
            }
        } catch (RuntimeException e) {
            throw said(file, e);
        }
        return Arrays.stream(positions).mapToObj(found::get).toList();
    }

    /** What our own reader takes, or null. */
    private static Avi avi(Path file) {
        try {
            RegularFile.check(file);
            return Avi.matches(file) ? Avi.of(file) : null;
        } catch (IOException e) {
            throw new ImageException(file + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    private static VideoCapture open(Path file) {
        try {
            RegularFile.check(file);
        } catch (IOException e) {
            throw new ImageException(file + ": cannot be read (" + e.getMessage() + ")");
        }
        var video = new VideoCapture(file.toAbsolutePath().toString());
        double pixels =
                video.get(opencv_videoio.CAP_PROP_FRAME_WIDTH) * video.get(opencv_videoio.CAP_PROP_FRAME_HEIGHT);
        boolean opened = video.isOpened();
        if (opened && pixels <= Image.MOST_PIXELS) {
            return video;
        }
        video.close();
        throw new ImageException(
                opened
                        ? String.format(
                                Locale.ROOT,
                                "%s: frames of %.0f pixels are more than the %d million allowed. Scale it down, or skip broken images",
                                file,
                                pixels,
                                Image.MOST_PIXELS / 1_000_000)
                        : file
                                + ": not a video, damaged or cut off, or there is no codec for it here. Convert it to numbered "
                                + "images, an animated gif or an MJPEG AVI, or skip broken images");
    }
}
