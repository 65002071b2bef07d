package dev.fovea.task.recorded;

import dev.fovea.data.Dataset;
import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.io.CodedImage;
import dev.fovea.models.ModelPackage;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.RunSettings;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Subset;
import dev.fovea.task.Tasks;
import dev.fovea.task.anomaly.AnomalyDetector;
import dev.fovea.task.autoencode.Autoencoder;
import dev.fovea.task.classify.Classifier;
import dev.fovea.task.compress.Codec;
import dev.fovea.task.detect.Detector;
import dev.fovea.task.embed.Embedder;
import dev.fovea.task.generate.Generator;
import dev.fovea.task.multilabel.MultiLabelClassifier;
import dev.fovea.task.regress.RegressionPrediction;
import dev.fovea.task.regress.Regressor;
import dev.fovea.task.restore.Restorer;
import dev.fovea.task.segment.Segmenter;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The model packages in test resources: how each was trained, and what is asked of it. {@link RecordPackages} has written
 * them once, {@link RecordedPackagesTest} loads them for ever.
 */
enum RecordedPackage {
    CLASSIFY_LAYERS("classify/layers", 3, "conv 8 3, relu, maxpool 2, conv 8 3, relu, flatten, dense classes") {
        @Override
        void train(Path folder) {
            Classifier.train(model, shapes(), recipe("optimizer.lr=0.01")).save(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            return probabilities(folder);
        }
    },
    CLASSIFY_REGISTRY("classify/registry", 1, "row-gru hidden=12 read=columns") {
        @Override
        void train(Path folder) {
            Classifier.train(model, shapes(), recipe("optimizer.lr=0.01")).save(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            return probabilities(folder);
        }
    },
    CLASSIFY_PROTOTYPES("classify/prototypes", 3, "prototypes") {
        @Override
        void train(Path folder) {
            var recipe = Tasks.ALL
                    .recipes()
                    .with(Tasks.ALL.recipe(model), List.of("task.backbone=" + CLASSIFY_LAYERS.folder()));
            trainInARun(recipe, folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            return probabilities(folder);
        }
    },
    EMBED("embed", 3, "conv 8 3, relu, maxpool 2, conv 8 3, relu, flatten, dense classes") {
        @Override
        void train(Path folder) {
            var recipe = Tasks.ALL
                    .recipes()
                    .with(
                            Tasks.ALL.recipe(model, "self-supervised"),
                            List.of("epochs=1", "batch=16", "input.size=16", "task.dimensions=4"));
            trainInARun(recipe, folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            return List.of(floats(new FeatureExtractor(SavedNet.load(folder, "cpu")).features(input(folder))));
        }
    },
    EMBEDDING("embedding", 3, "embedding(conv 8 3, relu, maxpool 2, conv 8 3, relu, flatten, dense classes) pool=2") {
        @Override
        void train(Path folder) {
            Embedder.train(model, shapes(), recipe("task.dimensions=6", "optimizer.lr=0.01"))
                    .save(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            var embedder = Embedder.load(folder);
            return List.of(
                    floats(embedder.embed(input(folder))),
                    new double[] {embedder.threshold().orElseThrow()});
        }
    },
    SEGMENT("segment", 3, "unet width=2") {
        @Override
        void train(Path folder) {
            Dataset shapes = new Shapes(5, 16, 16, Shapes.Annotation.PIXEL_LABELS);
            Segmenter.train(
                            model,
                            new Splits(shapes, shapes, Dataset.empty(shapes.classes()), List.of()),
                            recipe("optimizer.lr=0.01", "epochs=80", "update.ema=0", "augment=[]"))
                    .save(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            return Segmenter.load(folder).predict(input(folder)).regions().stream()
                    .map(region -> new double[] {region.share()})
                    .toList();
        }
    },
    MULTI_LABEL("multilabel", 3, "conv 8 3, relu, maxpool 2, conv 8 3, relu, flatten, dense classes") {
        @Override
        void train(Path folder) {
            MultiLabelClassifier.train(model, scenes(new TargetKind.SeveralLabels(false)), recipe("optimizer.lr=0.01"))
                    .save(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            var classifier = MultiLabelClassifier.load(folder);
            return List.of(
                    floats(classifier.probabilities(input(folder))),
                    classifier.thresholds().stream().mapToDouble(one -> one).toArray());
        }
    },
    REGRESS("regress", 3, "conv 8 3, relu, maxpool 2, conv 8 3, relu, flatten, dense classes") {
        @Override
        void train(Path folder) {
            Regressor.train(
                            model,
                            scenes(new TargetKind.Numbers(List.of("count", "area"))),
                            recipe("optimizer.lr=0.01"))
                    .save(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            return List.of(Regressor.load(folder).predict(input(folder)).numbers().stream()
                    .mapToDouble(RegressionPrediction.Value::value)
                    .toArray());
        }
    },
    DETECT("detect", 3, "fovea-det width=4 bins=4") {
        @Override
        void train(Path folder) {
            Detector.train(
                            model,
                            scenes(TargetKind.BOXES),
                            recipe("input.size=32", "update.ema=0", "epochs=20", "optimizer.lr=3e-3"))
                    .save(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            var objects = Detector.load(folder)
                    .withConfidence(0)
                    .predict(input(folder))
                    .objects();
            return objects.stream()
                    .limit(2)
                    .map(object -> new double[] {
                        object.score(),
                        object.box().left(),
                        object.box().top(),
                        object.box().right(),
                        object.box().bottom()
                    })
                    .toList();
        }
    },
    AUTOENCODE("autoencode", 1, "dense-autoencoder hidden=8 bottleneck=4") {
        @Override
        void train(Path folder) {
            Autoencoder.train(model, shapes(), recipe()).save(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            var coder = Autoencoder.load(folder);
            return List.of(floats(coder.encode(input(folder))), pixels(coder.reconstruct(input(folder))));
        }
    },
    RESTORE("restore", 3, "dncnn depth=3 width=6") {
        @Override
        void train(Path folder) {
            Restorer.train(model, shapes(), recipe("task.low=50", "task.high=50"))
                    .save(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            return List.of(pixels(Restorer.load(folder).restore(input(folder))));
        }
    },
    COMPRESS("compress", 3, "transform-codec width=8 latents=4") {
        @Override
        void train(Path folder) {
            Codec.train(model, shapes(), recipe()).save(folder);
            Codec.load(folder).compress(new Shapes(7, 4, SIDE).image(3)).write(folder.resolve("input.fvc"));
        }

        @Override
        List<double[]> answers(Path folder) {
            return List.of(pixels(Codec.load(folder).decompress(CodedImage.read(folder.resolve("input.fvc")))));
        }
    },
    GENERATE_GAN("generate/gan", 3, "dcgan width=2") {
        @Override
        void train(Path folder) {
            Generator.train(model, shapes(), recipe()).save(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            return generated(folder, new Generator.Request(2).withSeed(4).withLabel("star"));
        }
    },
    GENERATE_DIFFUSION("generate/diffusion", 3, "dit patch=4 width=16 depth=1 heads=2") {
        @Override
        void train(Path folder) {
            Generator.train(model, shapes(), recipe("optimizer.lr=0.01")).save(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            return generated(folder, new Generator.Request(2).withSeed(4).withSampling(4, Generator.Sampling.DDIM, 2));
        }
    },
    ANOMALY("anomaly", 3, "padim") {
        @Override
        void train(Path folder) {
            Splits stars = Subset.ofClasses(shapes(), List.of("star"));
            var recipe = Tasks.ALL
                    .recipes()
                    .with(Tasks.ALL.recipe(model), List.of("task.backbone=" + CLASSIFY_LAYERS.folder()));
            Path run = Tasks.ALL
                    .train(recipe, stars, RunSettings.in(Path.of("target/recorded"), "run"))
                    .folder();
            ModelPackage.read(run.resolve("model")).write(folder);
        }

        @Override
        List<double[]> answers(Path folder) {
            var detector = AnomalyDetector.load(folder);
            return List.of(new double[] {
                detector.score(input(folder)), detector.threshold().orElseThrow()
            });
        }
    };

    private static final int SIDE = 16;

    private final String place;
    private final int channels;
    final String model;

    RecordedPackage(String place, int channels, String model) {
        this.place = place;
        this.channels = channels;
        this.model = model;
    }

    /** Trains it with today's code. */
    abstract void train(Path folder);

    /** What the package answers about its {@code input.png}, in a few rows of numbers. */
    abstract List<double[]> answers(Path folder);

    /** From the folder of the module. */
    Path folder() {
        return Path.of("src/test/resources/packages").resolve(place);
    }

    void writeInput(Path folder) {
        Image.write(folder.resolve("input.png"), new Shapes(7, 4, SIDE).image(3).toBufferedImage());
    }

    private static Image input(Path folder) {
        return Image.read(folder.resolve("input.png"));
    }

    private static Splits shapes() {
        return new Splits(
                new Shapes(1, 200, SIDE),
                new Shapes(2, 40, SIDE),
                Dataset.empty(new Shapes(1, 1, SIDE).classes()),
                List.of());
    }

    private static Splits scenes(TargetKind kind) {
        var train = new ShapeScenes(1, 200, SIDE, kind);
        return new Splits(train, new ShapeScenes(2, 40, SIDE, kind), Dataset.empty(train.classes()), List.of());
    }

    Recipe recipe(String... settings) {
        var all = new ArrayList<>(List.of(
                "input.size=" + SIDE,
                "input.channels=" + channels,
                "epochs=2",
                "batch=20",
                "schedule.warmup=0",
                "precision=fp32"));
        all.addAll(List.of(settings));
        return Tasks.ALL.recipes().with(Tasks.ALL.recipe(model), all);
    }

    private static List<double[]> generated(Path folder, Generator.Request request) {
        return Generator.load(folder).generate(request).stream()
                .map(RecordedPackage::pixels)
                .toList();
    }

    private static double[] floats(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    /** From 0 to 1. */
    private static double[] pixels(Image image) {
        byte[] pixels = image.pixels();
        DoubleStream shares = IntStream.range(0, pixels.length).mapToDouble(i -> (pixels[i] & 0xFF) / 255.0);
        return shares.toArray();
    }

    static Path answersFile(Path folder) {
        return folder.resolve("answers.csv");
    }

    /** Of a classifier. */
    private static List<double[]> probabilities(Path folder) {
        return List.of(floats(Classifier.load(folder).probabilities(input(folder))));
    }

    /** For tasks without a facade that trains. */
    private static void trainInARun(Recipe recipe, Path folder) {
        Path run = Tasks.ALL
                .train(recipe, shapes(), RunSettings.in(Path.of("target/recorded"), "run"))
                .folder();
        ModelPackage.read(run.resolve("model")).write(folder);
    }
}
