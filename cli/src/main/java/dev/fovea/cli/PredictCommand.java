package dev.fovea.cli;

import dev.fovea.data.Conversion;
import dev.fovea.data.Data;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.io.Nearest;
import dev.fovea.run.Predictor;
import dev.fovea.run.TaskTypes;
import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea predict}: predictions for images. */
@Command(
        name = "predict",
        description =
                "Predicts what images or clips show: a class, labels, numbers, objects or the class of every pixel, by the "
                        + "model's task.",
        footer = {
            "",
            "Examples:",
            "  fovea predict runs/flowers-1 rose.jpg",
            "  fovea predict runs/flowers-1 photos --json",
            "  fovea predict runs/flowers-1 photos --reject --coverage 0.95",
            "  fovea predict runs/flowers-1 photos --with runs/flowers-2,runs/flowers-3",
            "  fovea predict runs/cells-1 blood.jpg -o found --confidence 0.4",
            "  fovea predict runs/cells-1 film.avi -o found",
            "  fovea predict runs/roads-1 street.jpg -o told --tta flip",
            "  fovea predict runs/cells-1 photos --to coco -o photos-coco",
            "  fovea predict runs/flowers-1 --data archive.tar --out flowers.parquet",
            "  fovea predict runs/gestures-1 waving.gif",
            "  fovea predict resnet50 cat.jpg --weights imagenet",
            "  fovea predict fasterrcnn_resnet50_fpn street.jpg --weights coco -o found"
        })
final class PredictCommand implements Callable<Integer> {

    private static final String NO_OBJECTS =
            "-o: draws what detection and segmentation find, this model is for neither. Leave it out";

    private static final int LEAST_TILE = 32;

    /** So many images are worth a trial of backends. */
    private static final int MANY = 500;

    @Parameters(index = "0", paramLabel = "MODEL", description = ModelChoice.MODEL)
    private Path model;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "IMAGE",
            description =
                    "Image files and folders of them; for a network of clips: folders of numbered images, GIFs, videos.")
    private List<Path> images = List.of();

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Option(
            names = "--top",
            defaultValue = "5",
            paramLabel = "N",
            description = "Classes or labels that an answer names (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--precision",
            defaultValue = "auto",
            description =
                    "Precision: fp32, bf16 or auto, which is bf16 for many images if that changes no answer of the first "
                            + "(default: auto).")
    private String precision;

    @Option(
            names = "--batch",
            defaultValue = "32",
            paramLabel = "N",
            description = "Images that the network is shown at once (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--backend",
            defaultValue = "auto",
            description =
                    "What computes the network: libtorch, onnx or auto, which tries both if there are many images "
                            + "(default: auto).")
    private String backend;

    @Option(
            names = "--coverage",
            paramLabel = "SHARE",
            description = "With each answer a set of classes that holds the true one for so many images: 0.95.")
    private double coverage;

    @Option(names = "--reject", description = "Answer \"not sure\" about images that are unlike those of the training.")
    private boolean reject;

    @Option(
            names = "--tta",
            paramLabel = "none|flip|shifts|scales",
            description =
                    "Test-time augmentation: flip for the mirror image too; of a classifier also shifts for shifted "
                            + "copies, of segmentation scales for three sizes (default: as its package says).")
    private String tta;

    @Option(
            names = "--confidence",
            paramLabel = "SCORE",
            description = "Least score of a detector's objects, 0 to 1 (default: as its package says, by class).")
    private Double confidence;

    @Option(
            names = "--tile",
            paramLabel = "PIXELS",
            description =
                    "Detection and segmentation look at large images in overlapping tiles of this side, so that small "
                            + "things are found.")
    private Integer tile;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description =
                    "Draw what detection or segmentation finds into copies of the images (of detection also GIFs and "
                            + "videos), in this folder; of segmentation with a mask beside it. With --to the new or empty folder that is written.")
    private Path out;

    @Option(
            names = "--to",
            paramLabel = "FORM",
            description = "Write the images and what a detector finds in them as data to correct and to train on: coco "
                    + "(with results.json, as COCO's evaluation reads it), yolo, csv or voc.")
    private String to;

    @Mixin
    private ModelChoice choice;

    @Mixin
    private EnsembleOption ensemble;

    @Mixin
    private DataPredictions job;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        job.check(images, Map.of("-o", out != null, "--to", to != null));
        check();
        if (job.given()) {
            return job.run(model, chosen(predictor()), asked(), output);
        }
        boolean clips = choice.content(model) == Data.Content.CLIPS;
        List<Path> paths =
                images.stream().flatMap(path -> files(path, clips).stream()).toList();
        var files = clips || paths.stream().anyMatch(Data::isMovie) ? PerFile.of(paths) : PerFile.images(paths);
        Predictor predictor = chosen(predictor());
        if (clips && out != null) {
            throw new IllegalArgumentException(NO_OBJECTS);
        }
        if (to != null) {
            return written(predictor.labels(to, out), predictor, files, paths);
        }
        if (out == null && !clips && !(predictor.films() && paths.stream().anyMatch(Data::isMovie))) {
            if (paths.size() > MANY) {
                predictor.warmUp(batch);
            }
            return files.predict(output, predictor, batch, PredictCommand::said, all -> how(predictor, paths));
        }
        Optional<OutputFolder> drawings = out == null
                ? Optional.empty()
                : Optional.of(OutputFolder.of(
                        out,
                        paths,
                        paths,
                        (folder, file) -> predictor.films() && Data.isMovie(file)
                                ? predictor.drawing(file, folder)
                                : OutputFolder.png(folder, file)));
        return files.print(output, Map.of(), "predictions", (file, row) -> {
            if (clips) {
                Predictor.Answer answer = clip(predictor, file);
                row.putAll(answer.values());
                return file + "  " + answer.text();
            }
            if (predictor.films() && Data.isMovie(file)) {
                Predictor.Answer answer = clip(predictor, file);
                row.putAll(answer.values());
                drawings.ifPresent(folder -> row.put(
                        "output", predictor.draw(file, answer, folder.path()).toString()));
                return file + "  " + answer.text();
            }
            Image image = files.read(file);
            Predictor.Answer answer = predictor.predict(image);
            row.putAll(answer.values());
            drawings.ifPresent(folder -> {
                row.put("output", draw(predictor, image, answer, folder, file));
                mask(predictor, answer, folder, file, row);
            });
            return file + "  " + answer.text();
        });
    }

    /** What can be said before a model is loaded. */
    private void check() {
        if (batch < 1) {
            throw new IllegalArgumentException("--batch: expected at least 1, got " + batch);
        }
        EvaluateCommand.needs("--to", to != null, "-o", out != null);
        if (to != null && !Conversion.FORMATS.contains(to)) {
            throw new IllegalArgumentException("--to: expected one of %s, got '%s'%s"
                    .formatted(String.join(", ", Conversion.FORMATS), to, Nearest.hint(to, Conversion.FORMATS)));
        }
        if (tile != null && tile < LEAST_TILE) {
            throw new IllegalArgumentException(
                    "--tile: a tile must be at least %s pixels wide, got %s".formatted(LEAST_TILE, tile));
        }
        if (confidence != null && !(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("--confidence: expected 0 to 1, got " + confidence);
        }
        // Of several, one that is missing does not stop the others.
        if (images.size() == 1 && Files.exists(model) && !Files.exists(images.get(0))) {
            throw new ImageException(images.get(0) + ": cannot be read (no such file)");
        }
    }

    /** Answers about images, and the same as data. */
    private int written(Predictor.Labels labels, Predictor predictor, PerFile files, List<Path> paths) {
        paths.stream().filter(Data::isMovie).findFirst().ifPresent(film -> {
            throw new IllegalArgumentException(
                    "--to: writes images with their objects, %s is a clip. Write its frames to image files first"
                            .formatted(film));
        });
        return files.predict(
                output,
                predictor,
                batch,
                (file, answer, row) -> {
                    labels.add(file, answer);
                    return said(file, answer, row);
                },
                json -> DataConvertCommand.said(labels.write(), List.of(), json));
    }

    private static String said(Path file, Predictor.Answer answer, Map<String, Object> row) {
        row.putAll(answer.values());
        return file + "  " + answer.text();
    }

    /** Says, of many images, how they were computed. */
    private String how(Predictor predictor, List<Path> paths) {
        if (paths.size() > 1) {
            predictor.computing().ifPresent(how -> output.say("computed by %s", how));
        }
        return "";
    }

    private static String draw(
            Predictor predictor, Image image, Predictor.Answer answer, OutputFolder folder, Path file) {
        BufferedImage drawn =
                predictor.drawn(image, answer).orElseThrow(() -> new IllegalArgumentException(NO_OBJECTS));
        Path to = folder.png(file);
        Image.write(to, drawn);
        return to.toString();
    }

    /** Beside the drawing, the numbers of the classes with a palette. */
    private static void mask(
            Predictor predictor, Predictor.Answer answer, OutputFolder folder, Path file, Map<String, Object> row) {
        predictor.mask(answer).ifPresent(mask -> {
            String name = String.valueOf(folder.png(file).getFileName());
            Path to = folder.path().resolve(name.replaceFirst("\\.png$", "-mask.png"));
            if (Files.exists(to)
                    && OutputFolder.same(folder.path(), file.toAbsolutePath().getParent())) {
                throw new IllegalArgumentException(
                        "-o: %s lies beside the image and may be its true mask. Name another folder".formatted(to));
            }
            Image.write(to, mask);
            row.put("maskOutput", to.toString());
        });
    }

    private Map<String, String> asked() {
        var asked = new TreeMap<String, String>();
        asked.put("top", String.valueOf(top));
        asked.put("precision", precision);
        asked.put("coverage", String.valueOf(coverage));
        asked.put("reject", String.valueOf(reject));
        asked.put("tta", String.valueOf(tta));
        asked.put("confidence", String.valueOf(confidence));
        asked.put("tile", String.valueOf(tile));
        asked.put("weights", choice.lastingWeights());
        asked.values().removeAll(List.of("null", "0.0", "false", ""));
        return asked;
    }

    private Predictor chosen(Predictor predictor) {
        Predictor own = predictor.with(top, precision).with(coverage, reject).withBackend(backend);
        own = confidence == null ? own : own.withConfidence(confidence);
        return tile == null ? own : own.withTiles(tile);
    }

    private Predictor predictor() {
        if (ensemble.given()) {
            if (tta != null) {
                throw new IllegalArgumentException("--tta: is not for --with. Leave one of them out");
            }
            return ensemble.with(choice.classifier(model, device, output), device);
        }
        TaskTypes.Saved saved = choice.load(model, device, output);
        return (tta == null ? saved : saved.with("tta", tta)).predictor();
    }

    /** The image files of a folder; for a network of clips a folder is a clip. */
    private static List<Path> files(Path path, boolean clips) {
        return Files.isDirectory(path) && !clips ? Data.images(path) : List.of(path);
    }

    /** @throws ImageException if it cannot be read, or is a device or a pipe, which may never end */
    private static Predictor.Answer clip(Predictor predictor, Path path) {
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            throw new ImageException(path + ": a device or a pipe. Write the clip to a file first");
        }
        try {
            return predictor.predict(path);
        } catch (UncheckedIOException e) {
            throw new ImageException(Failure.sentence(e));
        }
    }
}
