package dev.fovea.fuzz;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.engine.Allowance;
import dev.fovea.engine.Scope;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.Movie;
import dev.fovea.io.CodedImage;
import dev.fovea.io.Safetensors;
import dev.fovea.io.WeightFile;
import dev.fovea.models.Models;
import dev.fovea.nn.LayerText;
import dev.fovea.report.Charts;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.task.compress.Codec;
import dev.fovea.train.RecipeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Everything that reads what others wrote, each with sound inputs to start from. */
enum Reader {
    JPEG("a.jpg"),
    PNG("a.png"),
    GIF("a.gif"),
    BMP("a.bmp"),
    WEBP("a.webp"),
    TIFF("a.tif"),
    PNM("a.ppm"),
    GIF_FRAMES("clip.gif") {
        @Override
        void read(byte[] input, Path folder) {
            Movie.gif(input, fileName).forEach(Reader::checked);
        }
    },
    VIDEO("clip.avi") {
        @Override
        void read(byte[] input, Path folder) {
            Path file = written(folder, input);
            Movie.frames(file, 0, Movie.count(file) - 1).forEach(Reader::checked);
        }
    },
    IDX_IMAGES("train-images-idx3-ubyte") {
        @Override
        void read(byte[] input, Path folder) {
            written(folder.resolve("train-labels-idx1-ubyte"), Seeds.idxLabels());
            written(folder, input);
            opened(folder);
        }
    },
    IDX_LABELS("train-labels-idx1-ubyte") {
        @Override
        void read(byte[] input, Path folder) {
            written(folder.resolve("train-images-idx3-ubyte"), Seeds.idxImages());
            written(folder, input);
            opened(folder);
        }
    },
    IDX_GZIP("train-images-idx3-ubyte.gz") {
        @Override
        void read(byte[] input, Path folder) {
            written(folder.resolve("train-labels-idx1-ubyte"), Seeds.idxLabels());
            written(folder, input);
            opened(folder);
        }
    },
    CIFAR("data_batch_1.bin") {
        @Override
        void read(byte[] input, Path folder) {
            written(folder, input);
            opened(folder);
        }
    },
    TAR("data.tar"),
    TAR_GZIP("data.tar.gz"),
    ZIP("data.zip"),
    CSV("data.csv") {
        @Override
        void read(byte[] input, Path folder) {
            written(folder.resolve("a.png"), Seeds.png());
            opened(written(folder, input));
        }
    },
    SAFETENSORS("a.safetensors") {
        @Override
        void read(byte[] input, Path folder) {
            Safetensors.read(written(folder, input));
        }
    },
    PYTORCH("a.pth") {
        @Override
        void read(byte[] input, Path folder) {
            WeightFile.read(written(folder, input));
        }
    },
    SAFETENSORS_INDEX("a.safetensors.index.json") {
        @Override
        void read(byte[] input, Path folder) {
            written(folder.resolve("one.safetensors"), Seeds.model("model.safetensors"));
            WeightFile.read(written(folder, input));
        }
    },
    CONFIG("config.json") {
        @Override
        void read(byte[] input, Path folder) {
            written(folder.resolve("model.safetensors"), Seeds.model("model.safetensors"));
            written(folder, input);
            predict(folder);
        }
    },
    WEIGHTS("model.safetensors") {
        @Override
        void read(byte[] input, Path folder) {
            written(folder.resolve("config.json"), Seeds.model("config.json"));
            written(folder, input);
            predict(folder);
        }
    },
    CODEC_WEIGHTS("model.safetensors") {
        @Override
        void read(byte[] input, Path folder) {
            written(folder.resolve("config.json"), Seeds.codec("config.json"));
            written(folder, input);
            Codec codec = Codec.load(folder, "cpu");
            codec.decompress(codec.compress(Seeds.image(16, 16)));
        }
    },
    CODED_IMAGE("a.fvc") {
        @Override
        void read(byte[] input, Path folder) {
            checked(Seeds.codec().decompress(CodedImage.read(written(folder, input))));
        }
    },
    CHECKPOINT("last.safetensors") {
        @Override
        void read(byte[] input, Path folder) {
            Path run = Seeds.run(folder);
            written(run.resolve("checkpoints").resolve(fileName), input);
            Tasks.ALL.resume(
                    run,
                    Seeds.data(),
                    RunSettings.in(folder, "run").withDevice("cpu").withStop(() -> true),
                    List.of("epochs=2"));
        }
    },
    RECIPE("recipe.yaml") {
        @Override
        void read(byte[] input, Path folder) {
            RecipeFile.print(Tasks.ALL.recipes().read(written(folder, input), List.of()));
        }
    },
    SETTING("") {
        @Override
        void read(byte[] input, Path folder) {
            RecipeFile.print(Tasks.ALL.recipes().of("cifar-cnn", List.of(text(input))));
        }
    },
    LAYERS("") {
        @Override
        void read(byte[] input, Path folder) {
            layers(text(input));
        }
    },
    MODELS("") {
        @Override
        void read(byte[] input, Path folder) {
            created(text(input));
        }
    },
    LAYER_PHRASES("") {
        @Override
        void read(byte[] input, Path folder) {
            layers(Phrases.layers(input));
        }
    },
    MODEL_PHRASES("") {
        @Override
        void read(byte[] input, Path folder) {
            created(Phrases.model(input));
        }
    },
    SETTING_PHRASES("") {
        @Override
        void read(byte[] input, Path folder) {
            RecipeFile.print(Tasks.ALL.recipes().of("cifar-cnn", List.of(Phrases.setting(input))));
        }
    },
    SIZES("") {
        @Override
        void read(byte[] input, Path folder) {
            ByteBuffer numbers = ByteBuffer.wrap(java.util.Arrays.copyOf(input, 16));
            Image image = Seeds.image(1 + (numbers.get() & 31), 1 + (numbers.get() & 31));
            Filter filter = Filter.values()[(numbers.get() & 0xFF) % Filter.values().length];
            checked(image.crop(numbers.getShort(), numbers.getShort(), 1 + (numbers.getShort() & 0xFFFF), 1));
            checked(image.resize(numbers.getShort() >> 3, 1 + (numbers.get() & 0x7F), filter));
        }
    },
    CHARTS("") {
        @Override
        void read(byte[] input, Path folder) {
            var values = new ArrayList<Double>();
            for (ByteBuffer in = ByteBuffer.wrap(input); in.remaining() >= 8; ) {
                values.add(in.getDouble());
            }
            Charts.curves("loss", "loss", Map.of("train", values));
        }
    };

    /** Larger than any image that is read. */
    private static final long MOST_PIXELS = Image.MOST_PIXELS;

    final String fileName;

    Reader(String fileName) {
        this.fileName = fileName;
    }

    /** Reads {@code input} and uses what came of it; by default an image or an archive, as the name says. */
    void read(byte[] input, Path folder) {
        if (fileName.startsWith("data.")) {
            opened(written(folder, input));
        } else {
            checked(Image.decode(input, fileName));
        }
    }

    /** Frees what is native when it is done. */
    final void readInScope(byte[] input, Path folder) {
        try (var scope = new Scope()) {
            read(input, folder);
        }
    }

    List<byte[]> seeds() {
        return Seeds.of(this);
    }

    final Path written(Path folder, byte[] input) {
        Path file = Files.isDirectory(folder) ? folder.resolve(fileName) : folder;
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    static void checked(Image image) {
        if ((long) image.width() * image.height() > MOST_PIXELS) {
            throw new AssertionError("an image larger than the limit was read");
        }
    }

    private static void opened(Path data) {
        Splits splits = Data.open(data.toString(), Data.Options.of());
        for (String part : List.of("train", "validation", "test")) {
            Dataset items = splits.part(part);
            for (int i = 0; i < Math.min(3, items.size()); i++) {
                items.classes().get(items.label(i));
                checked(items.image(i));
            }
        }
    }

    private static void layers(String text) {
        try (var allowance = smallNetworks()) {
            LayerText.build(text, 3, 16, 16, 4);
        }
    }

    private static void created(String model) {
        try (var allowance = smallNetworks()) {
            Models.create(model, 3, 32, 32, 10);
        }
    }

    /** What users may ask for, 640 MB of weights, is more than a process under test can have at once with its copies. */
    private static Allowance smallNetworks() {
        return Allowance.open(40_000_000, 20_000, "a network under test can have 40,000,000 values");
    }

    private static void predict(Path folder) {
        for (float probability : Classifier.load(folder, "cpu").probabilities(Seeds.image(8, 8))) {
            if (!(probability >= 0 && probability <= 1.001)) {
                throw new AssertionError("a model answers " + probability);
            }
        }
    }
}
