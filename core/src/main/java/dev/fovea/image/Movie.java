package dev.fovea.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgcodecs.Animation;
import org.bytedeco.opencv.global.opencv_videoio;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_videoio.VideoCapture;

/**
 * Moving pictures: animated GIFs, and video files where OpenCV has their codec. A GIF is decoded whole, so that it may not
 * have more pixels in all its frames than a picture may: {@link Image#MOST_PIXELS}.
 */
public final class Movie {

    private static final int MOST_FRAMES = 100_000;

    private Movie() {}

    /**
     * All frames of a GIF as they are seen, one laid on the other; one frame if it does not move.
     *
     * @param name for messages
     * @throws ImageException if it is damaged or too large
     */
    public static List<Image> gif(byte[] bytes, String name) {
        Image first = Image.decode(bytes, name); // refuses what is empty, no picture, or too large
        int most = (int) Math.min(MOST_FRAMES, Image.MOST_PIXELS / ((long) first.width() * first.height()));
        try (var data = new BytePointer(bytes);
                var buffer = new Mat(1, bytes.length, opencv_core.CV_8UC1, data);
                var animation = new Animation()) {
            if (!opencv_imgcodecs.imdecodeanimation(buffer, animation, 0, most + 1)
                    || animation.frames().size() == 0) {
                throw damaged(name);
            }
            if (animation.frames().size() > most) {
                throw new ImageException(
                        "%s: more than the %d frames of %d x %d pixels allowed. Cut it into clips, or pass --skip-broken"
                                .formatted(name, most, first.width(), first.height()));
            }
            var frames = new ArrayList<Image>();
            for (long i = 0; i < animation.frames().size(); i++) {
                frames.add(Image.of(animation.frames().get(i)));
            }
            return frames;
        } catch (ImageException e) {
            throw e;
        } catch (RuntimeException e) {
            throw damaged(name);
        }
    }

    private static ImageException damaged(String name) {
        return new ImageException(name + ": a damaged gif. Delete it, or pass --skip-broken");
    }

    /**
     * How many frames a video has, found by going through it.
     *
     * @throws ImageException if its codec is not there, or it has no frame
     */
    public static int count(Path file) {
        try (VideoCapture video = open(file)) {
            int count = 0;
            while (video.grab()) {
                count++;
            }
            if (count == 0) {
                throw new ImageException(file + ": a video without a frame. Delete it, or pass --skip-broken");
            }
            return count;
        }
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
        try (VideoCapture video = open(file);
                var frame = new Mat()) {
            for (int i = 0; i <= last; i++) {
                int at = i;
                if (!video.grab()) {
                    throw new ImageException(
                            "%s: ends after %d frames, %d were asked for. Delete it, or pass --skip-broken"
                                    .formatted(file, i, last + 1));
                }
                if (Arrays.stream(positions).anyMatch(p -> p == at) && video.retrieve(frame)) {
                    found.put(i, Image.of(frame));
                }
            }
        }
        return Arrays.stream(positions)
                .mapToObj(p -> {
                    if (!found.containsKey(p)) {
                        throw new ImageException(
                                "%s: frame %d is damaged. Delete it, or pass --skip-broken".formatted(file, p));
                    }
                    return found.get(p);
                })
                .toList();
    }

    private static VideoCapture open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ImageException(file + ": no such file");
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
                        ? "%s: frames of %.0f pixels are more than the %d million allowed. Scale it down, or pass --skip-broken"
                                .formatted(file, pixels, Image.MOST_PIXELS / 1_000_000)
                        : file
                                + ": not a video, damaged or cut off, or there is no codec for it here. Convert it to numbered "
                                + "pictures, an animated gif or an MJPEG AVI, or pass --skip-broken");
    }
}
