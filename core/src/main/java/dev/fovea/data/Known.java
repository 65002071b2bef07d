package dev.fovea.data;

import dev.fovea.io.Download;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Public data sets that {@code data fetch} downloads, with their files' sizes and MD5 sums as published. */
public enum Known {
    MNIST(
            "mnist",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            List.of(
                    new Part("train-images-idx3-ubyte.gz", 9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                    new Part("train-labels-idx1-ubyte.gz", 28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
                    new Part("t10k-images-idx3-ubyte.gz", 1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
                    new Part("t10k-labels-idx1-ubyte.gz", 4_542, "ec29112dd5afa0611ce80d1b7f02629c"))),
    FASHION_MNIST(
            "fashion-mnist",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            List.of(
                    new Part("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                    new Part("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
                    new Part("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
                    new Part("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"))),
    KMNIST(
            "kmnist",
            "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
            List.of(
                    new Part("train-images-idx3-ubyte.gz", 18_165_135, "bdb82020997e1d708af4cf47b453dcf7"),
                    new Part("train-labels-idx1-ubyte.gz", 29_497, "e144d726b3acfaa3e44228e80efcd344"),
                    new Part("t10k-images-idx3-ubyte.gz", 3_041_136, "5c965bf0a639b31b8f53240b1b52f4d7"),
                    new Part("t10k-labels-idx1-ubyte.gz", 5_120, "7320c461ea6c1c855c0b718fb2a4b134"))),
    CIFAR10(
            "cifar10",
            "https://www.cs.toronto.edu/~kriz/",
            List.of(new Part("cifar-10-binary.tar.gz", 170_052_171, "c32a1d4ab5d03f1284b67883e8d87530"))),
    CIFAR100(
            "cifar100",
            "https://www.cs.toronto.edu/~kriz/",
            List.of(new Part("cifar-100-binary.tar.gz", 168_513_733, "03b5dce01913d631647c71ecec9e9cb8")));

    /**
     * One file.
     *
     * @param bytes about its size, for the progress bar
     * @param md5 as published
     */
    public record Part(String file, long bytes, String md5) {}

    private final String word;
    private final URI base;
    private final List<Part> parts;

    Known(String word, String base, List<Part> parts) {
        this.word = word;
        this.base = URI.create(base);
        this.parts = parts;
    }

    /** All names. */
    public static List<String> names() {
        return Arrays.stream(values()).map(known -> known.word).toList();
    }

    /** The data set of that name, if there is one. */
    public static Optional<Known> find(String name) {
        return Arrays.stream(values()).filter(known -> known.word.equals(name)).findFirst();
    }

    /** Where downloads are kept: {@code FOVEA_CACHE}, or {@code ~/.cache/fovea}. */
    public static Path cache() {
        String set = System.getenv("FOVEA_CACHE");
        return set == null || set.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache", "fovea")
                : Path.of(set);
    }

    /** The files of this set. */
    public List<Part> parts() {
        return parts;
    }

    /**
     * Downloads what is missing, going on where an earlier try broke off, and checks the sums.
     *
     * @param progress told of the bytes of each file
     * @return the folder, or the archive
     */
    public Path fetch(Path cache, Download.Progress progress) {
        return fetch(cache, base, progress);
    }

    Path fetch(Path cache, URI from, Download.Progress progress) {
        Path folder = cache.resolve(word);
        for (Part part : parts) {
            Download.to(folder.resolve(part.file()), from.resolve(part.file()), "MD5", part.md5(), progress);
        }
        return place(folder);
    }

    /** @throws DataException with the command that fetches it, if it is not in the cache */
    Path cached(String name) {
        Path folder = cache().resolve(word);
        for (Part part : parts) {
            if (!Files.isRegularFile(folder.resolve(part.file()))) {
                throw new DataException(
                        "%s: not in the cache %s. `fovea data fetch %s` downloads it".formatted(name, cache(), word));
            }
        }
        return place(folder);
    }

    private Path place(Path folder) {
        return parts.size() == 1 ? folder.resolve(parts.get(0).file()) : folder;
    }
}
