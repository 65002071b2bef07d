package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.data.FrameSampling.Sampling;
import dev.fovea.image.Fill;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.image.Movie;
import dev.fovea.report.Grid;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_videoio.VideoWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipsTest {

    @TempDir
    private Path folder;

    private static Image plain(int shade, int width, int height) {
        byte[] pixels = new byte[width * height * 3];
        Arrays.fill(pixels, (byte) shade);
        return new Image(width, height, 3, pixels);
    }

    private void frame(String path, int shade) throws IOException {
        frame(path, plain(shade, 16, 12));
    }

    private void frame(String path, Image image) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Image.write(file, image.toBufferedImage());
    }

    private Splits open(String place) {
        return Data.open(folder.resolve(place).toString(), Data.Options.of());
    }

    private static int shade(Image image) {
        return image.pixels()[0] & 0xFF;
    }

    @Test
    void framesComeInTheOrderOfTheirNumbersAndGapsAreStated() throws IOException {
        for (int i : new int[] {1, 2, 10, 11}) {
            frame("play/wave/a/frame" + i + ".png", 10 * i);
            frame("play/nod/b/frame" + i + ".png", 200 - i);
        }
        Splits splits = open("play");
        Dataset clips = splits.train();
        assertThat(clips.clips()).isTrue();
        assertThat(clips.classes()).containsExactly("nod", "wave");
        assertThat(clips.frames(1)).isEqualTo(4);
        assertThat(clips.frames(1, 0, 1, 2, 3)).extracting(ClipsTest::shade).containsExactly(10, 20, 100, 110);
        assertThat(splits.notes())
                .contains("wave/a: no frame between 2 and 10; the frames there are follow one another");
        assertThat(clips.image(0).width()).isEqualTo(4 * 16 + 3);
    }

    @Test
    void partsOfClipsAreReadAndAClipWithOneFrameIsStated() throws IOException {
        for (String part : List.of("train", "test")) {
            frame("parted/" + part + "/up/a/1.png", 10);
            frame("parted/" + part + "/up/a/2.png", 20);
            frame("parted/" + part + "/down/b/1.png", part.equals("train") ? 30 : 31);
        }
        Splits splits = open("parted");
        assertThat(splits.train().size()).isEqualTo(2);
        assertThat(splits.test().size()).isEqualTo(2);
        assertThat(splits.notes()).contains("1 clips have one frame, which is shown again and again");
        Image shown = Preprocess.of(12, 16, 3)
                .withFrames(new FrameSampling(4, 1, Sampling.UNIFORM))
                .apply(splits.train(), 0);
        assertThat(shown.height()).isEqualTo(4 * 12);
    }

    @Test
    void aDamagedFrameIsNamedAndItsClipCanBeLeftOut() throws IOException {
        for (int i = 1; i <= 12; i++) {
            frame("hurt/wave/a/" + i + ".png", 10 * i);
            frame("hurt/wave/c/" + i + ".png", 9 * i);
            frame("hurt/nod/b/" + i + ".png", 200 - i);
        }
        Files.write(folder.resolve("hurt/wave/a/6.png"), new byte[] {1, 2, 3});
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> open("hurt").train().check(1))
                .withMessageContaining("6.png: not an image");
        Splits left =
                Data.open(folder.resolve("hurt").toString(), Data.Options.of().withSkipBroken(true));
        assertThat(left.train().size()).isEqualTo(2);
        assertThat(left.notes()).contains("skipped 1 of 3 images that cannot be read");
    }

    @Test
    void framesOfAnySizeAreBroughtToOne() throws IOException {
        frame("sizes/a/x/1.png", plain(10, 20, 20));
        frame("sizes/a/x/2.png", plain(20, 30, 10));
        frame("sizes/b/y/1.png", plain(30, 20, 20));
        frame("sizes/b/y/2.png", plain(40, 20, 20));
        var preprocess = Preprocess.of(8, 8, 3).withFrames(new FrameSampling(2, 1, Sampling.UNIFORM));
        assertThat(preprocess.apply(open("sizes").train(), 0).height()).isEqualTo(16);
    }

    @Test
    void animatedGifsAreClips() throws IOException {
        for (String label : List.of("a", "b")) {
            Files.createDirectories(folder.resolve("gifs/" + label));
            Grid.animate(
                    IntStream.range(0, 5)
                            .mapToObj(i -> plain(40 * i, 20, 14).toBufferedImage())
                            .toList(),
                    folder.resolve("gifs/" + label + "/moving.gif"));
        }
        Dataset clips = open("gifs").train();
        assertThat(clips.clips()).isTrue();
        assertThat(clips.frames(0)).isGreaterThanOrEqualTo(5);
        List<Image> frames = clips.frames(0, 0, 4);
        assertThat(shade(frames.get(0))).isLessThan(10);
        assertThat(shade(frames.get(1))).isBetween(150, 170);
        Files.write(
                folder.resolve("gifs/a/moving.gif"),
                Arrays.copyOf(Files.readAllBytes(folder.resolve("gifs/a/moving.gif")), 40));
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> open("gifs").train().check(0))
                .withMessageContaining("moving.gif");
    }

    @Test
    void aGifWithOneImageHasOneFrame() throws IOException {
        Path file = folder.resolve("still.gif");
        javax.imageio.ImageIO.write(plain(77, 9, 9).toBufferedImage(), "gif", file.toFile());
        Clip clip = Data.clip(file);
        assertThat(clip.frames()).isEqualTo(1);
        assertThat(shade(clip.frames(0).get(0))).isBetween(70, 84);
    }

    private Path film(int frames) {
        Path file = folder.resolve("film.avi");
        try (var writer = new VideoWriter(
                file.toString(),
                VideoWriter.fourcc((byte) 'M', (byte) 'J', (byte) 'P', (byte) 'G'),
                10,
                new Size(64, 48),
                true)) {
            assertThat(writer.isOpened()).isTrue();
            for (int i = 0; i < frames; i++) {
                byte[] bytes = plain(40 * i, 64, 48).pixels();
                try (var data = new BytePointer(bytes);
                        var mat = new Mat(48, 64, opencv_core.CV_8UC3, data)) {
                    writer.write(mat);
                }
            }
            writer.release();
        }
        return file;
    }

    @Test
    void videosAreReadWhereTheirCodecIsThere() {
        Clip clip = Data.clip(film(6));
        assertThat(clip.frames()).isEqualTo(6);
        assertThat(clip.frames(5, 1)).extracting(image -> shade(image) / 20).containsExactly(10, 2);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Movie.frames(folder.resolve("film.avi"), 2, 6))
                .withMessageContaining("film.avi: ends after 6 frames, 7 were asked for");
    }

    @Test
    void aVideoWhoseHeaderLiesAboutItsLengthHasTheFramesThatAreThere() throws IOException {
        byte[] bytes = Files.readAllBytes(film(6));
        int header = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("avih");
        for (int lie : new int[] {2, 600}) {
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(header + 8 + 16, lie);
            Path file = Files.write(folder.resolve("lie" + lie + ".avi"), bytes);
            assertThat(Data.clip(file).frames()).isEqualTo(6);
        }
    }

    @Test
    void aVideoThatIsCutOffIsSaidToBe() throws IOException {
        byte[] bytes = Files.readAllBytes(film(6));
        Path cut = Files.write(folder.resolve("cut.avi"), Arrays.copyOf(bytes, bytes.length * 2 / 3));
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Data.clip(cut).frames())
                .withMessageContaining("cut.avi: the video is cut off after");
    }

    @Test
    void aDamagedFrameOfAVideoIsRefusedByItsNumber() throws IOException {
        byte[] bytes = Files.readAllBytes(film(3));
        int second = frame(bytes, 1);
        byte[] cut = bytes.clone();
        int scan = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00da", second);
        ByteBuffer.wrap(cut).putShort(scan + 20, (short) 0xFFD9);
        byte[] huge = bytes.clone();
        int size = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0", second) + 5;
        ByteBuffer.wrap(huge).putShort(size, (short) 60_000).putShort(size + 2, (short) 60_000);
        Files.write(folder.resolve("early.avi"), cut);
        Files.write(folder.resolve("huge.avi"), huge);
        for (String name : new String[] {"early", "huge"}) {
            Path file = folder.resolve(name + ".avi");
            assertThat(Movie.frames(file, 0, 2)).hasSize(2);
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> Movie.frames(file, 0, 1))
                    .withMessageContaining(name + ".avi, frame 1: ");
        }
    }

    private static int frame(byte[] film, int index) {
        String text = new String(film, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("movi");
        for (int i = 0; i <= index; i++) {
            at = text.indexOf("00dc", at + 4);
        }
        return at + 8;
    }

    @Test
    void aFolderOrADeviceIsNoVideo() {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Movie.count(folder))
                .withMessage(folder + ": cannot be read (a folder, not a file)");
    }

    @Test
    void aGifOfMorePixelsThanAnImageMayHaveIsRefused() throws IOException {
        Path file = folder.resolve("huge.gif");
        BufferedImage small = plain(9, 4, 2).toBufferedImage();
        Grid.animate(IntStream.range(0, 52).mapToObj(i -> small).toList(), file);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes) // what the frames are laid on
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(6, (short) 2000)
                .putShort(8, (short) 1000);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Movie.gif(bytes, "huge.gif"))
                .withMessageContaining("huge.gif: more than the 50 frames of 2000 x 1000 pixels allowed");
    }

    @Test
    void whatIsNoVideoIsSaidToBeNone() throws IOException {
        Path file = folder.resolve("film.mp4");
        Files.writeString(file, "no film");
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Data.clip(file).frames())
                .withMessageContaining("film.mp4: not a video, damaged or cut off, or there is no codec for it here");
        Files.createDirectories(folder.resolve("empty"));
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Data.clip(folder.resolve("empty")))
                .withMessageContaining("no frames in this folder");
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Data.clip(folder.resolve("nothing.gif")))
                .withMessageContaining("no such file or folder");
    }

    @Test
    void aTableOfClipsIsRead() throws IOException {
        for (int i = 0; i < 3; i++) {
            frame("table/one/" + i + ".png", i);
            frame("table/two/" + i + ".png", 100 + i);
        }
        Path table = folder.resolve("table/clips.csv");
        Files.writeString(table, "path,label\none,up\ntwo,down\n");
        Dataset clips = Data.open(table.toString(), Data.Options.of()).train();
        assertThat(clips.clips()).isTrue();
        assertThat(clips.frames(0)).isEqualTo(3);
        assertThat(clips.classes()).containsExactly("down", "up");
    }

    @Test
    void framesAreSampledAsAsked() {
        assertThat(new FrameSampling(4, 1, Sampling.UNIFORM).chosen(8)).containsExactly(1, 3, 5, 7);
        assertThat(new FrameSampling(4, 1, Sampling.UNIFORM).chosen(2)).containsExactly(0, 0, 1, 1);
        assertThat(new FrameSampling(3, 2, Sampling.DENSE).chosen(9)).containsExactly(2, 4, 6);
        assertThat(new FrameSampling(3, 2, Sampling.DENSE).chosen(2)).containsExactly(0, 1, 1);
        int[] drawn = new FrameSampling(5, 1, Sampling.RANDOM).chosen(20, new SplittableRandom(3));
        assertThat(drawn).hasSize(5).doesNotHaveDuplicates().isSorted();
        assertThat(new FrameSampling(5, 1, Sampling.RANDOM).chosen(20, new SplittableRandom(4)))
                .isNotEqualTo(drawn);
        assertThat(FrameSampling.STILL.chosen(9)).containsExactly(4);
    }

    @Test
    void allFramesOfAClipAreAugmentedAlike() throws IOException {
        byte[] pixels = new byte[16 * 16 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 7);
        }
        for (int i = 0; i < 3; i++) {
            frame("same/a/x/" + i + ".png", new Image(16, 16, 3, pixels));
            frame("same/b/y/" + i + ".png", i);
        }
        var preprocess = Preprocess.of(16, 16, 3).withFrames(new FrameSampling(3, 1, Sampling.UNIFORM));
        var augment = Augmentation.of(
                GeometricTransform.Flip.horizontal(),
                new GeometricTransform.Translate(0.3, 0.3, Fill.NEAREST, 0),
                new GeometricTransform.Rotate(40, Fill.NEAREST, 0),
                new ErasingTransform.Cutout(0.3, 127));
        try (var loader = new Loader(open("same").train(), preprocess, augment, Loader.Options.training(2, 5))) {
            Batch batch = loader.epoch(1, 0).next();
            assertThat(batch.frames()).isEqualTo(3);
            byte[] all = new byte[preprocess.bytes()];
            batch.pixels().get(batch.labels()[0] == 0 ? 0 : all.length, all);
            byte[] first = Arrays.copyOf(all, all.length / 3);
            assertThat(Arrays.copyOfRange(all, all.length / 3, 2 * all.length / 3))
                    .isEqualTo(first);
            assertThat(first).isNotEqualTo(pixels);
        }
    }

    @Test
    void movingShapesAreTheSameForTheSameSeedAndMove() {
        var shapes = new MovingShapes(4, 20, 32, 16);
        assertThat(shapes.classes()).hasSize(10);
        for (int i = 0; i < 20; i++) {
            List<Image> frames = shapes.frames(i, 0, 8);
            assertThat(new MovingShapes(4, 20, 32, 16).frames(i, 8).get(0).pixels())
                    .isEqualTo(frames.get(1).pixels());
            assertThat(frames.get(0).pixels()).isNotEqualTo(frames.get(1).pixels());
        }
    }

    @Test
    void aNetworkForClipsSaysThatImagesAreNone() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Preprocess.of(8, 8, 3)
                        .withFrames(new FrameSampling(4, 1, Sampling.UNIFORM))
                        .apply(new Shapes(1, 2, 8), 0))
                .withMessageContaining("is an image, this network is shown clips of 4 frames");
    }
}
