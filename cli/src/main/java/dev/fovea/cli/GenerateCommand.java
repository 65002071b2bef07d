package dev.fovea.cli;

import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.task.generate.Generator;
import dev.fovea.task.generate.GeneratorOffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea generate}: new images. */
@Command(
        name = "generate",
        description = "Generates images with a trained generator.",
        footer = {
            "",
            "Examples:",
            "  fovea generate runs/digits-1 -n 64 --grid -o digits.png",
            "  fovea generate runs/digits-1 -n 1000 --class 7 --seed 3 -o sevens",
            "  fovea generate runs/digits-1 -n 12 --interpolate --class 3 -o walk.png",
            "  fovea generate runs/digits-1 -n 8 --inpaint torn.png torn-mask.png --grid -o filled.png"
        })
final class GenerateCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A run folder or a model package of a generator.")
    private Path model;

    @Option(names = "-n", defaultValue = "64", description = "Number of images (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--class",
            paramLabel = "C",
            description = "Class to generate; by default all in turn, or with --inpaint and --from none in particular.")
    private String label = "";

    @Option(names = "--seed", defaultValue = "0", description = "Seed of the noise (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--steps",
            defaultValue = "30",
            description = "Steps from noise to image, for diffusion (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--sampler",
            defaultValue = "heun",
            description = "ddim, ddpm or heun, for diffusion (default: ${DEFAULT-VALUE}).")
    private Generator.Sampling sampler;

    @Option(
            names = "--guidance",
            defaultValue = "1",
            description = "Guidance scale towards the class, for diffusion (default: 1, none).")
    private double guidance;

    @Option(
            names = "--temperature",
            defaultValue = "1",
            description = "Sampling temperature; 0 takes the most probable token (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(names = "--top-k", defaultValue = "0", description = "Sample among the K most probable tokens; 0 for all.")
    private int topK;

    @Option(
            names = "--top-p",
            defaultValue = "1",
            description = "Sample among the most probable tokens that together reach this probability; 1 for all.")
    private double topP;

    @Option(
            names = "--complete",
            paramLabel = "IMAGE",
            description = "Image whose upper half is kept and whose rest is generated, for tokens; without --class "
                    + "as the most likely class of that half.")
    private Path complete;

    @Option(names = "--grid", description = "One image of all instead of a file each.")
    private boolean grid;

    @Option(
            names = "--interpolate",
            description = "Interpolation between two noises, -n images in a row; without --class one row a class.")
    private boolean interpolate;

    @Option(
            names = "--inpaint",
            arity = "2",
            hideParamSyntax = true,
            paramLabel = "IMAGE MASK",
            description = "Image to fill in where the mask is white, for diffusion.")
    private List<Path> inpaint = List.of();

    @Option(names = "--from", paramLabel = "IMAGE", description = "Image to start from, for diffusion.")
    private Path from;

    @Option(
            names = "--strength",
            defaultValue = "0.6",
            description = "Share of noise added to --from, above 0 to 1 (default: 0.6).")
    private double strength;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUT",
            description = "Folder for the images; a file for --grid and --interpolate.")
    private Path out;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Mixin
    private Output output;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** The modes of generation, of which at most one is given. */
    private static final List<String> WAYS = List.of("--interpolate", "--inpaint", "--complete", "--from");

    private static final List<String> FOR_DIFFUSION =
            List.of("--steps", "--sampler", "--guidance", "--inpaint", "--from", "--strength");

    private static final List<String> FOR_TOKENS = List.of("--temperature", "--top-k", "--top-p", "--complete");

    /** Images that are held in memory together. */
    private static final int MOST_TOGETHER = 1000;

    @Override
    public Integer call() {
        var request = new Generator.Request(
                count, label, seed, steps, sampler, guidance, new Generator.Choice(temperature, topK, topP));
        check();
        var generator = Generator.load(model, device);
        checkFor(generator);
        List<Image> given = read().stream().map(Image::read).toList();
        int made = count;
        if (interpolate) {
            List<Image> walks = generator.interpolate(request, count);
            Image.write(out, Generator.grid(walks, count));
            made = walks.size();
        } else if (!inpaint.isEmpty()) {
            write(generator.inpaint(given.get(0), given.get(1), request));
        } else if (complete != null) {
            write(generator.complete(given.get(0), 0.5, request));
        } else if (from != null) {
            write(generator.vary(given.get(0), strength, request));
        } else if (grid) {
            Image.write(out, Generator.grid(generator.generate(request)));
        } else {
            stream(generator, request);
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("images", made);
        json.put("output", out.toString());
        output.print(json, String.format(Locale.ROOT, "%,d images  ->  %s%n", made, out));
        return 0;
    }

    /** Image files that generation starts from. */
    private List<Path> read() {
        return !inpaint.isEmpty()
                ? inpaint
                : complete != null ? List.of(complete) : from != null ? List.of(from) : List.of();
    }

    /** Before a model is loaded for nothing. */
    private void check() {
        List<String> ways = WAYS.stream().filter(this::given).toList();
        if (ways.size() > 1) {
            throw new IllegalArgumentException("generate: one of %s at a time".formatted(String.join(" and ", ways)));
        }
        if (given("--strength") && from == null) {
            throw new IllegalArgumentException("--strength means nothing without --from");
        }
        boolean one = grid || interpolate;
        if ((one || !ways.isEmpty()) && count > MOST_TOGETHER) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "-n: at most %,d images with %s, got %,d. Without it each is written as it is made",
                    MOST_TOGETHER,
                    ways.isEmpty() ? "--grid" : ways.get(0),
                    count));
        }
        if (one) {
            OutputImage.of(out, read());
        }
    }

    /** An option that would change nothing is a mistake of whoever gave it. */
    private void checkFor(Generator generator) {
        String task = Tasks.ALL.type(model).word();
        GeneratorOffer offer = generator.offer();
        reject(offer.heeds(GeneratorOffer.Setting.STEPS), FOR_DIFFUSION, "a diffusion network", task);
        reject(offer.heeds(GeneratorOffer.Setting.TEMPERATURE), FOR_TOKENS, "a token transformer", task);
    }

    private void reject(boolean fits, List<String> options, String what, String task) {
        options.stream().filter(option -> !fits && given(option)).findFirst().ifPresent(option -> {
            throw new IllegalArgumentException("%s is for %s, %s is one for %s".formatted(option, what, model, task));
        });
    }

    private boolean given(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private void write(List<Image> images) {
        if (grid) {
            Image.write(out, Generator.grid(images));
            return;
        }
        Path folder = new OutputFolder(out).path();
        for (int i = 0; i < images.size(); i++) {
            Image.write(folder.resolve(String.format(Locale.ROOT, "%06d.png", i)), images.get(i));
        }
    }

    /** One folder for each class, as training data needs it; never all in memory. */
    private void stream(Generator generator, Generator.Request request) {
        var folders = new LinkedHashMap<String, OutputFolder>();
        var written = new ArrayList<Integer>(List.of(0));
        generator.stream(request, made -> {
            Path folder = folders.computeIfAbsent(made.label(), this::folder).path();
            int number = written.get(0);
            Image.write(folder.resolve(String.format(Locale.ROOT, "%06d.png", number)), made.image());
            written.set(0, number + 1);
        });
    }

    /** Of a class; its name comes from the model's file and may hold anything. */
    private OutputFolder folder(String label) {
        String name = label.replaceAll("[/\\\\:*?\"<>|\\p{Cntrl}]", "_");
        return new OutputFolder(label.isEmpty() ? out : out.resolve(name.matches("\\.+") ? "_" : name));
    }
}
