package dev.fovea.run.answers;

import dev.fovea.data.Box;
import dev.fovea.metrics.MultiLabelResult;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.metrics.detect.GroundTruth;
import dev.fovea.run.answers.AnswersFile.Packed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** How each kind of answers is written as arrays of numbers; the names of the constants are in files. */
enum Packing {
    CLASSES {
        @Override
        Packed pack(Answers answers) {
            var own = (ClassAnswers) answers;
            float[] probabilities = own.probabilities();
            double[] wide = new double[probabilities.length];
            Arrays.setAll(wide, i -> probabilities[i]);
            return packed(
                    own,
                    Map.of("truth", Arrays.stream(own.truth()).asDoubleStream().toArray(), PROBABILITIES, wide));
        }

        @Override
        Answers unpack(Packed packed) {
            return new ClassAnswers(
                    packed.classes(), packed.images(), packed.whole("truth"), floats(packed.of(PROBABILITIES)));
        }
    },
    LABELS {
        @Override
        Packed pack(Answers answers) {
            var own = (LabelAnswers) answers;
            int k = own.classes().size();
            double[] truth = new double[own.images().size() * k];
            double[] probabilities = new double[truth.length];
            for (int i = 0; i < truth.length; i++) {
                truth[i] = own.present(i / k, i % k) ? 1 : 0;
                probabilities[i] = own.probability(i / k, i % k);
            }
            return packed(
                    own, Map.of("truth", truth, PROBABILITIES, probabilities, THRESHOLDS, numbers(own.thresholds())));
        }

        @Override
        Answers unpack(Packed packed) {
            int k = packed.classes().size();
            var probabilities = new ArrayList<float[]>();
            var truth = new ArrayList<boolean[]>();
            for (int i = 0; i < packed.images().size(); i++) {
                boolean[] present = new boolean[k];
                for (int c = 0; c < k; c++) {
                    present[c] = packed.of("truth")[i * k + c] > 0;
                }
                truth.add(present);
                probabilities.add(floats(Arrays.copyOfRange(packed.of(PROBABILITIES), i * k, (i + 1) * k)));
            }
            return new LabelAnswers(
                    packed.classes(),
                    packed.images(),
                    new MultiLabelResult.Scored(probabilities, truth),
                    list(packed.of(THRESHOLDS)));
        }
    },
    OBJECTS {
        @Override
        Packed pack(Answers answers) {
            var own = (ObjectAnswers) answers;
            var truth = new Rows(8);
            var found = new Rows(7);
            for (int i = 0; i < own.images().size(); i++) {
                GroundTruth there = own.truth().get(i);
                for (int t = 0; t < there.size(); t++) {
                    truth.add(
                            i,
                            there.labels().get(t),
                            there.boxes().get(t),
                            there.ignore().get(t) ? 1 : 0,
                            there.areas().get(t));
                }
                Detections told = own.found().get(i);
                for (int d = 0; d < told.size(); d++) {
                    found.add(
                            i,
                            told.labels().get(d),
                            told.boxes().get(d),
                            told.scores().get(d));
                }
            }
            return packed(
                    own, Map.of("truth", truth.all(), "found", found.all(), THRESHOLDS, numbers(own.confidences())));
        }

        @Override
        Answers unpack(Packed packed) {
            var truth = new ArrayList<GroundTruth>();
            var found = new ArrayList<Detections>();
            List<List<double[]>> there = byImage(packed, "truth", 8);
            List<List<double[]>> told = byImage(packed, "found", 7);
            for (int i = 0; i < packed.images().size(); i++) {
                List<double[]> own = there.get(i);
                truth.add(new GroundTruth(
                        own.stream().map(Packing::box).toList(),
                        own.stream().map(row -> (int) row[1]).toList(),
                        own.stream().map(row -> row[6] > 0).toList(),
                        own.stream().map(row -> row[7]).toList(),
                        List.of(),
                        List.of()));
                List<double[]> answers = told.get(i);
                found.add(Detections.of(
                        answers.stream().map(Packing::box).toList(),
                        answers.stream().map(row -> (int) row[1]).toList(),
                        answers.stream().map(row -> row[6]).toList()));
            }
            return new ObjectAnswers(packed.classes(), packed.images(), truth, found, list(packed.of(THRESHOLDS)));
        }
    },
    PIXELS {
        @Override
        Packed pack(Answers answers) {
            var own = (PixelAnswers) answers;
            var rows = new Rows(4);
            for (int i = 0; i < own.images().size(); i++) {
                for (PixelAnswers.Count count : own.counts().get(i)) {
                    rows.add(i, count.truth(), count.told(), count.pixels());
                }
            }
            return packed(own, Map.of("counts", rows.all()));
        }

        @Override
        Answers unpack(Packed packed) {
            return new PixelAnswers(
                    packed.classes(),
                    packed.images(),
                    byImage(packed, "counts", 4).stream()
                            .map(rows -> rows.stream()
                                    .map(row -> new PixelAnswers.Count((int) row[1], (int) row[2], (long) row[3]))
                                    .toList())
                            .toList());
        }
    },
    FIGURES {
        @Override
        Packed pack(Answers answers) {
            var own = (FigureAnswers) answers;
            var numbers = new LinkedHashMap<String, double[]>();
            for (int i = 0; i < own.figures().size(); i++) {
                Figure figure = own.figures().get(i);
                numbers.put("%s:%s:%s".formatted(i, figure.scale(), figure.name()), numbers(figure.values()));
                String threshold = "%s:%s".formatted(THRESHOLDS, figure.name());
                figure.threshold().ifPresent(value -> numbers.put(threshold, new double[] {value}));
            }
            return packed(own, numbers);
        }

        @Override
        Answers unpack(Packed packed) {
            var figures = new ArrayList<Figure>();
            new TreeMap<>(packed.numbers()).forEach((name, values) -> { // in their order
                if (!name.startsWith(THRESHOLDS)) {
                    String[] parts = name.split(":", 3);
                    figures.add(new Figure(
                            parts[2],
                            Scale.valueOf(parts[1]),
                            optional(packed.numbers().get("%s:%s".formatted(THRESHOLDS, parts[2]))),
                            list(values)));
                }
            });
            return new FigureAnswers(packed.classes(), packed.images(), figures);
        }
    },
    NUMBERS {
        @Override
        Packed pack(Answers answers) {
            var own = (NumberAnswers) answers;
            return packed(own, Map.of("truth", joined(own.truth()), PREDICTED, joined(own.predicted())));
        }

        @Override
        Answers unpack(Packed packed) {
            int k = packed.classes().size();
            return new NumberAnswers(
                    packed.classes(),
                    packed.images(),
                    rows(packed.of("truth"), k),
                    rows(packed.of(PREDICTED), k),
                    packed.classes().get(0));
        }
    },
    EMBEDDINGS {
        @Override
        Packed pack(Answers answers) {
            var own = (EmbeddingAnswers) answers;
            var numbers = new LinkedHashMap<String, double[]>();
            numbers.put("truth", own.truth().stream().mapToDouble(one -> one).toArray());
            numbers.put("embeddings", joined(own.embeddings()));
            own.threshold().ifPresent(value -> numbers.put(THRESHOLDS, new double[] {value}));
            return packed(own, numbers);
        }

        @Override
        Answers unpack(Packed packed) {
            int n = packed.images().size();
            double[] all = packed.of("embeddings");
            return EmbeddingAnswers.of(
                    packed.classes(),
                    packed.images(),
                    Arrays.stream(packed.whole("truth")).boxed().toList(),
                    rows(all, n == 0 ? 1 : all.length / n),
                    optional(packed.numbers().get(THRESHOLDS)));
        }
    };

    private static final String PREDICTED = "predicted";
    private static final String PROBABILITIES = "probabilities";
    private static final String THRESHOLDS = "thresholds";

    abstract Packed pack(Answers answers);

    /** @throws IllegalArgumentException if it is damaged */
    abstract Answers unpack(Packed packed);

    static Packing of(Answers answers) {
        if (answers instanceof ClassAnswers) {
            return CLASSES;
        }
        if (answers instanceof LabelAnswers) {
            return LABELS;
        }
        if (answers instanceof ObjectAnswers) {
            return OBJECTS;
        }
        if (answers instanceof PixelAnswers) {
            return PIXELS;
        }
        if (answers instanceof NumberAnswers) {
            return NUMBERS;
        }
        return answers instanceof EmbeddingAnswers ? EMBEDDINGS : FIGURES;
    }

    private static Packed packed(Answers answers, Map<String, double[]> numbers) {
        return new Packed(answers.classes(), answers.images(), new LinkedHashMap<>(numbers));
    }

    private static float[] floats(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    private static OptionalDouble optional(double[] values) {
        return values == null ? OptionalDouble.empty() : OptionalDouble.of(values[0]);
    }

    /** Rows of equal length, one behind the other. */
    private static double[] joined(List<float[]> rows) {
        int width = rows.isEmpty() ? 0 : rows.get(0).length;
        double[] all = new double[rows.size() * width];
        for (int i = 0; i < all.length; i++) {
            all[i] = rows.get(i / width)[i % width];
        }
        return all;
    }

    private static List<float[]> rows(double[] all, int width) {
        var rows = new ArrayList<float[]>();
        for (int from = 0; from < all.length; from += width) {
            rows.add(floats(Arrays.copyOfRange(all, from, from + width)));
        }
        return rows;
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(value -> value).toArray();
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static Box box(double[] row) {
        return new Box(row[2], row[3], row[4], row[5]);
    }

    /** Rows of numbers, one behind the other, whose first is the position of an image. */
    private static List<List<double[]>> byImage(Packed packed, String name, int width) {
        var rows = new ArrayList<List<double[]>>();
        packed.images().forEach(image -> rows.add(new ArrayList<>()));
        double[] all = packed.of(name);
        for (int from = 0; from < all.length; from += width) {
            rows.get((int) all[from]).add(Arrays.copyOfRange(all, from, from + width));
        }
        return rows;
    }

    /** Gathers such rows. */
    private static final class Rows {

        private final int width;
        private final List<double[]> rows = new ArrayList<>();

        Rows(int width) {
            this.width = width;
        }

        void add(double... row) {
            rows.add(row);
        }

        void add(int image, int label, Box box, double... rest) {
            double[] row =
                    Arrays.copyOf(new double[] {image, label, box.left(), box.top(), box.right(), box.bottom()}, width);
            System.arraycopy(rest, 0, row, 6, rest.length);
            rows.add(row);
        }

        double[] all() {
            double[] all = new double[rows.size() * width];
            for (int i = 0; i < rows.size(); i++) {
                System.arraycopy(rows.get(i), 0, all, i * width, width);
            }
            return all;
        }
    }
}
