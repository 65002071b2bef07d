package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Clips with their classes. */
record Clips(List<String> classes, List<Take> takes) implements Dataset {

    private static final List<String> VIDEOS = List.of(".mp4", ".avi", ".mov", ".mkv", ".webm", ".mpg", ".mpeg");

    /** One clip with what is to be learned of it. */
    record Take(Clip clip, Target target) {

        /** With its class. */
        Take(Clip clip, int label) {
            this(clip, new Target.Label(label));
        }
    }

    Clips {
        classes = List.copyOf(classes);
        takes = List.copyOf(takes);
    }

    /** Whether a file is a clip of itself. */
    static boolean isMovie(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        return name.endsWith(".gif") || VIDEOS.stream().anyMatch(name::endsWith);
    }

    /**
     * One clip: a folder of numbered images, an animated GIF, or a video.
     *
     * @throws ImageException if there is none at {@code path}
     */
    static Clip open(Path path) {
        if (Files.isDirectory(path)) {
            List<TreeFile> frames =
                    Tree.flat(path).files().stream().filter(TreeFile::image).toList();
            if (frames.isEmpty()) {
                throw new ImageException(path + ": no frames in this folder. Expected numbered images");
            }
            return new FrameFiles(path.toString(), frames);
        }
        if (!Files.isRegularFile(path)) {
            throw new ImageException(path + ": no such file or folder");
        }
        if (!isMovie(path.toString())) {
            throw new ImageException(
                    path + ": not a clip. Expected a folder of numbered images, an animated gif or a video");
        }
        return movie(FolderFiles.file(List.of(path.getFileName().toString()), path));
    }

    private static Clip movie(TreeFile file) {
        if (file.fileName().toLowerCase(Locale.ROOT).endsWith(".gif")) {
            return new AnimatedGif(file);
        }
        Path path = Path.of(file.name());
        if (!Files.isRegularFile(path)) {
            throw new DataException(file.name() + ": videos are not read out of archives. Unpack the archive");
        }
        return new Video(path);
    }

    /**
     * Whether class folders are read as clips.
     *
     * @param files from their class folders on
     * @param content what is looked for; of {@code ANY} it is clips if all images lie as {@code class/clip/number}, or
     *     there are no images
     * @param notes receives what was decided where it could have been otherwise
     * @throws DataException if neither reading would keep most of what is there
     */
    static boolean sought(String source, List<TreeFile> files, Data.Content content, List<String> notes) {
        List<TreeFile> images =
                files.stream().filter(f -> f.image() && f.path().size() > 1).toList();
        long movies = files.stream()
                .filter(f -> f.path().size() > 1 && isMovie(f.fileName()))
                .count();
        boolean folders = images.stream().anyMatch(f -> f.path().size() > 2);
        if (content != Data.Content.ANY) {
            return content == Data.Content.CLIPS && (movies > 0 || folders);
        }
        if (images.isEmpty()) {
            return movies > 0;
        }
        boolean numbered = images.stream()
                .allMatch(f -> f.path().size() == 3 && FrameFiles.number(f).isPresent());
        if (numbered) {
            notes.add(String.format(
                    Locale.ROOT,
                    "read as clips, since all %,d images lie in folders below the classes and are numbered; format=folder reads them as images",
                    images.size()));
            return true;
        }
        if (movies > images.size()) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: has %,d clips beside %,d images. Say which to read: format=frames for clips, format=folder for images",
                    source,
                    movies,
                    images.size()));
        }
        return false;
    }

    /**
     * The clips below class folders.
     *
     * @param files as {@code class/clip/number} or {@code class/movie}
     * @param notes receives what a person should know
     */
    static Clips of(List<TreeFile> files, List<String> classes, List<String> notes) {
        Map<List<String>, List<TreeFile>> folders = new LinkedHashMap<>();
        var takes = new ArrayList<Take>();
        for (TreeFile file : files) {
            int label = classes.indexOf(file.path().get(0));
            if (isMovie(file.fileName())) {
                takes.add(new Take(movie(file), label));
            } else if (file.image() && file.path().size() > 2) {
                folders.computeIfAbsent(file.path().subList(0, file.path().size() - 1), k -> new ArrayList<>())
                        .add(file);
            } else {
                notes.add("left out: " + file.name() + " (no clip, and in no clip's folder)");
            }
        }
        int single = 0;
        for (var folder : folders.entrySet()) {
            var frames = new FrameFiles(String.join("/", folder.getKey()), folder.getValue());
            notes.addAll(frames.notes());
            single += frames.frames() == 1 ? 1 : 0;
            takes.add(new Take(frames, classes.indexOf(folder.getKey().get(0))));
        }
        if (single > 0) {
            notes.add(String.format(Locale.ROOT, "%d clips have one frame, which is shown again and again", single));
        }
        return new Clips(classes, takes);
    }

    @Override
    public boolean clips() {
        return true;
    }

    @Override
    public int size() {
        return takes.size();
    }

    @Override
    public Target target(int index) {
        return takes.get(index).target();
    }

    @Override
    public String name(int index) {
        return takes.get(index).clip().name();
    }

    @Override
    public int frames(int index) {
        return takes.get(index).clip().frames();
    }

    @Override
    public List<Image> frames(int index, int... positions) {
        return takes.get(index).clip().frames(positions);
    }

    @Override
    public Image image(int index) {
        return FrameSampling.strip(this, index);
    }

    @Override
    public void check(int index) {
        frames(index, IntStream.range(0, frames(index)).toArray());
    }

    @Override
    public long bytes(int index) {
        return takes.get(index).clip().bytes();
    }

    @Override
    public long fingerprint(int index) {
        return takes.get(index).clip().fingerprint();
    }
}
