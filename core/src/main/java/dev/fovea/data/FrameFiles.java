package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A clip as numbered image files, in the order of their numbers: {@code frame2} comes before {@code frame10}. */
record FrameFiles(String name, List<TreeFile> files) implements Clip {

    private static final Pattern NUMBER = Pattern.compile("(\\d+)\\D*$");

    FrameFiles {
        files = files.stream()
                .sorted(Comparator.comparingLong((TreeFile file) -> number(file).orElse(Long.MAX_VALUE))
                        .thenComparing(TreeFile::fileName))
                .toList();
    }

    /** The last number in a file's name. */
    static OptionalLong number(TreeFile file) {
        Matcher found = NUMBER.matcher(file.fileName().replaceFirst("\\.[^.]*$", ""));
        return found.find() && found.group(1).length() < 18
                ? OptionalLong.of(Long.parseLong(found.group(1)))
                : OptionalLong.empty();
    }

    /** What a person should know of it: numbers that are missing. */
    List<String> notes() {
        var notes = new ArrayList<String>();
        for (int i = 1; i < files.size() && notes.isEmpty(); i++) {
            long before = number(files.get(i - 1)).orElse(-1);
            long now = number(files.get(i)).orElse(-1);
            if (before >= 0 && now > before + 1) {
                notes.add("%s: no frame between %s and %s; the frames there are follow one another"
                        .formatted(name, before, now));
            }
        }
        return notes;
    }

    @Override
    public int frames() {
        return files.size();
    }

    @Override
    public long bytes() {
        return files.stream().mapToLong(TreeFile::size).sum();
    }

    /** Of the files, which need not be decoded for it. */
    @Override
    public long fingerprint() {
        long mixed = files.size();
        for (TreeFile file : files) {
            mixed = mixed * 0x9E3779B97F4A7C15L + Fingerprint.of(file.bytes().get());
        }
        return mixed;
    }

    @Override
    public List<Image> frames(int... positions) {
        return Arrays.stream(positions)
                .mapToObj(files::get)
                .map(file -> Image.decode(file.bytes().get(), file.name()))
                .toList();
    }
}
