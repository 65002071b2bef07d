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
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_videoio.VideoCapture;

/** Moving pictures: animated GIFs, and video files where OpenCV has their codec. */
public final class Movie {

    private Movie() {}

    /**
     * All frames of a GIF as they are seen, one laid on the other; one frame if it does not move.
     *
     * @param name for messages
     * @throws ImageException if it is damaged
     */
    public static List<Image> gif(byte[] bytes, String name) {
        Image.decode(bytes, name); // refuses what is empty, no picture, or too large
        try (var data = new BytePointer(bytes);
                var buffer = new Mat(1, bytes.length, opencv_core.CV_8UC1, data);
                var animation = new Animation()) {
            if (!opencv_imgcodecs.imdecodeanimation(buffer, animation)
                    || animation.frames().size() == 0) {
                throw damaged(name);
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
        var video = new VideoCapture(file.toString());
        if (!video.isOpened()) {
            video.close();
            throw new ImageException(file
                    + ": not a video, or there is no codec for it here. Convert it to numbered pictures, an animated gif or "
                    + "an MJPEG AVI");
        }
        return video;
    }
}
