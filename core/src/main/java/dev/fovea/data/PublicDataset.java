package dev.fovea.data;

import dev.fovea.io.Download;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Public data sets that {@code data fetch} downloads, with their files' sizes and SHA-256 sums. */
public enum PublicDataset {
    MNIST(
            "mnist",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            List.of(
                    new Part(
                            "train-images-idx3-ubyte.gz",
                            9_912_422,
                            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                    new Part(
                            "train-labels-idx1-ubyte.gz",
                            28_881,
                            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                    new Part(
                            "t10k-images-idx3-ubyte.gz",
                            1_648_877,
                            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                    new Part(
                            "t10k-labels-idx1-ubyte.gz",
                            4_542,
                            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"))),
    FASHION_MNIST(
            "fashion-mnist",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            List.of(
                    new Part(
                            "train-images-idx3-ubyte.gz",
                            26_421_880,
                            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                    new Part(
                            "train-labels-idx1-ubyte.gz",
                            29_515,
                            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                    new Part(
                            "t10k-images-idx3-ubyte.gz",
                            4_422_102,
                            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                    new Part(
                            "t10k-labels-idx1-ubyte.gz",
                            5_148,
                            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"))),
    KMNIST(
            "kmnist",
            "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
            List.of(
                    new Part(
                            "train-images-idx3-ubyte.gz",
                            18_165_135,
                            "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
                    new Part(
                            "train-labels-idx1-ubyte.gz",
                            29_497,
                            "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
                    new Part(
                            "t10k-images-idx3-ubyte.gz",
                            3_041_136,
                            "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
                    new Part(
                            "t10k-labels-idx1-ubyte.gz",
                            5_120,
                            "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"))),
    CIFAR10(
            "cifar10",
            "https://www.cs.toronto.edu/~kriz/",
            List.of(new Part(
                    "cifar-10-binary.tar.gz",
                    170_052_171,
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"))),
    CIFAR100(
            "cifar100",
            "https://www.cs.toronto.edu/~kriz/",
            List.of(new Part(
                    "cifar-100-binary.tar.gz",
                    168_513_733,
                    "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")));

    /**
     * One file.
     *
     * @param bytes about its size, for the progress bar
     * @param sha256 of the file as its makers publish it
     */
    public record Part(String file, long bytes, String sha256) {}

    private final String word;
    private final URI base;
    private final List<Part> parts;

    PublicDataset(String word, String base, List<Part> parts) {
        this.word = word;
        this.base = URI.create(base);
        this.parts = parts;
    }

    /** All names. */
    public static List<String> names() {
        return Arrays.stream(values()).map(known -> known.word).toList();
    }

    /** The data set of that name, if there is one. */
    public static Optional<PublicDataset> find(String name) {
        return Arrays.stream(values()).filter(known -> known.word.equals(name)).findFirst();
    }

    /** Where downloads are kept: {@code FOVEA_CACHE}, or {@code ~/.cache/fovea}. */
    public static Path cache() {
        String set = System.getenv("FOVEA_CACHE");
        return set == null || set.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache", "fovea")
                : Path.of(set);
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
            Download.to(folder.resolve(part.file()), from.resolve(part.file()), "SHA-256", part.sha256(), progress);
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
