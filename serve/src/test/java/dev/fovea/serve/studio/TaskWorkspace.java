package dev.fovea.serve.studio;

import dev.fovea.run.RunNotes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A workspace with data of every form and a run of every kind of task, each trained for a moment on a few drawn images. */
record TaskWorkspace(Path folder, DrawnData drawn) {

    private static final int IMAGES = 40;
    private static final String CLASSIFIER = "conv 4 3, relu, maxpool 4, flatten, dense classes";
    private static final String CODES = "base=4 codes=8 code=4";

    /** Runs that are there twice, to be compared. */
    private static final List<String> TWICE = List.of("classification", "detection", "segmentation", "restoration");

    static TaskWorkspace in(Path folder, DrawnData drawn) throws IOException {
        var workspace = new TaskWorkspace(folder, drawn);
        workspace.data();
        workspace.runs();
        return workspace;
    }

    /** The path of data: folders, images, boxes, masks, labels, numbers or clips. */
    String data(String form) {
        String name = drawn.named().apply(form);
        return List.of("labels", "numbers").contains(form) ? name + "/list.csv" : name;
    }

    /** The path of a run, by the word of its task. */
    String run(String word) {
        return "runs/" + drawn.named().apply(word);
    }

    private void data() throws IOException {
        drawn.classFolders(at("folders"), 60);
        drawn.images(at("images"), 20);
        drawn.boxes(at("boxes"), IMAGES);
        drawn.masks(at("masks"), IMAGES);
        drawn.labels(at("labels"), IMAGES);
        drawn.numbers(at("numbers"), IMAGES);
        drawn.clips(at("clips"), IMAGES);
    }

    private Path at(String form) {
        return folder.resolve(drawn.named().apply(form));
    }

    private void runs() throws IOException {
        String columns = drawn.columns().stream()
                .map(name -> '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(", ", "[", "]"));
        train("classification", "folders", CLASSIFIER);
        train("detection", "boxes", "fovea-det width=4 bins=4", "input.size=64");
        train("segmentation", "masks", "unet width=2", "input.size=32");
        train("multi-label", "labels", CLASSIFIER, "task.type=multi-label");
        train("regression", "numbers", CLASSIFIER, "task.type=regression", "task.targets=" + columns);
        train("embedding", "folders", "embedding(" + CLASSIFIER + ") pool=2", "task.dimensions=6");
        train("self-supervised", "folders", CLASSIFIER, "task.type=self-supervised", "task.dimensions=4");
        train("reconstruction", "folders", "dense-autoencoder hidden=8 bottleneck=4");
        train("restoration", "folders", "dncnn depth=3 width=6");
        train("compression", "folders", "transform-codec width=8 latents=4");
        train("anomaly", "images", "padim", "task.backbone=" + trained("classification"));
        train("adversarial", "folders", "dcgan width=2");
        train("variational", "folders", "vae code=4 width=4");
        train("diffusion", "folders", "dit patch=4 width=16 depth=1 heads=2");
        train("quantization", "folders", "vq-vae " + CODES);
        train(
                "tokens",
                "folders",
                "token-transformer " + CODES + " width=16 depth=1 heads=2",
                "task.tokenizer=" + trained("quantization"));
        train("clips", "clips", "cnn-rnn backbone=lenet5 pool=4 hidden=8", "input.size=32");
        named();
    }

    private Path trained(String word) {
        return folder.resolve("runs").resolve(word + "-1");
    }

    private void train(String word, String form, String model, String... settings) {
        var all =
                new ArrayList<>(List.of("input.size=16", "batch=16", "schedule.warmup=0", "selection.validation=0.3"));
        all.addAll(List.of(settings));
        SampleWorkspace.run(folder, word, data(form), model, all.toArray(String[]::new));
    }

    /** Gives the runs their names, notes and tags; some are copied. */
    private void named() throws IOException {
        var note =
                new RunNotes(drawn.named().apply("note"), List.of(drawn.named().apply("tag"), "second tag"));
        note.write(trained("classification"));
        for (String word : TWICE) {
            copy(trained(word), folder.resolve(run(word + " again")));
        }
        try (Stream<Path> all = Files.list(folder.resolve("runs"))) {
            for (Path run : all.filter(one -> one.toString().endsWith("-1")).toList()) {
                Files.move(run, folder.resolve(run(run.getFileName().toString().replaceFirst("-1$", ""))));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(from.relativize(one).toString()));
            }
        }
    }
}
