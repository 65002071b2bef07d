package dev.fovea.cli;

import dev.fovea.run.DataRequest;
import dev.fovea.run.PublishedModel;
import dev.fovea.run.PublishedWeights;
import dev.fovea.run.RunSettings;
import dev.fovea.search.RecipeSearch;
import dev.fovea.search.Space;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea search}: which settings of a recipe learn best. */
@Command(
        name = "search",
        description =
                "Tries settings of a recipe on your data, trains the promising ones on, writes the best recipe and "
                        + "trains it once more. The same command goes on with a search that was stopped.",
        footer = {
            "",
            "Without --vary it varies learning rate, batch, weight decay, label smoothing and augmentation.",
            "",
            "Examples:",
            "  fovea search cifar-cnn --data cifar10 --trials 30",
            "  fovea search resnet18 --data flowers --epochs 20 --minutes 60",
            "  fovea search mnist-cnn --data fashion-mnist --trials 20 --vary optimizer.lr=1e-4..1e-2 --vary "
                    + "'batch=32|64|128'"
        })
final class SearchCommand implements Callable<Integer> {

    private static final int TRIALS = 30;

    @Parameters(index = "0", paramLabel = "MODEL|RECIPE.yaml", description = "Network or recipe to begin with.")
    private String model;

    @Mixin
    private DataOptions data;

    @Option(names = "--trials", paramLabel = "N", description = "Trials at most (default: 30, or as --minutes allows).")
    private Integer trials;

    @Option(names = "--minutes", paramLabel = "M", description = "Minutes for all of it, the last training included.")
    private Double minutes;

    @Option(
            names = "--vary",
            paramLabel = "KEY=RANGE",
            description =
                    "A key of the recipe and its values: LOW..HIGH, logarithmic where HIGH is 8 times LOW or more, or "
                            + "VALUE|VALUE|VALUE.")
    private List<String> vary = new ArrayList<>();

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs of a whole training (default: the recipe's).")
    private Integer epochs;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A field of the recipe that stays as it is.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--weights",
            paramLabel = "imagenet|TAG|FILE|RUN",
            description = "Weights that every trial starts from, as `fovea train` takes them.")
    private String weights = "";

    @Option(
            names = "--method",
            defaultValue = "HALVING",
            description =
                    "halving: proposals by a tree-structured Parzen estimator, successive halving; random: random "
                            + "search, each trial to its end (default: halving).")
    private RecipeSearch.Method method;

    @Option(names = "--no-retrain", description = "Leave out the last training with the best recipe.")
    private boolean noRetrain;

    @Option(names = "--seed", defaultValue = "0", description = "Seed of the proposals (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Option(
            names = {"-o", "--out"},
            defaultValue = "search",
            paramLabel = "DIR",
            description = "Folder of the search (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Mixin
    private Output output;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        positive("--trials", trials);
        positive("--minutes", minutes);
        positive("--epochs", epochs);
        data.check();
        if (data.data().isEmpty()) {
            throw new CommandLine.ParameterException(spec.commandLine(), "Missing required option: '--data=DATA'");
        }
        Recipe recipe = Tasks.ALL.recipes().of(model, overrides());
        Space space = vary.isEmpty() ? Space.usual(recipe) : Space.parse(vary);
        space.check(Tasks.ALL.recipes(), recipe); // before data is opened, which may take long
        DataRequest request = data.over(DataRequest.UNKNOWN, 0);
        var asked = new RecipeSearch.Asked(
                recipe,
                space,
                request.words(),
                method,
                trials != null ? trials : minutes != null ? 0 : TRIALS,
                minutes == null ? Duration.ZERO : Duration.ofMillis(Math.max(1, Math.round(minutes * 60_000))),
                seed,
                !noRetrain);
        var settings = RunSettings.in(out, "trial")
                .withDevice(device)
                .withData(request)
                .withListeners(List.of(new ProgressView(output)))
                .withWeights(
                        weights.isEmpty()
                                ? List.of()
                                : List.of(PublishedModel.file(recipe.model(), weights, new Fetching(output))));
        if (RecipeSearch.isAt(out)) {
            output.say("going on with the search in %s", out);
        }
        try (var interruption = new Interruption()) {
            print(RecipeSearch.run(
                    asked, request.open(recipe), settings, out, text -> output.say("%s", text), interruption));
        }
        return 0;
    }

    private static void positive(String option, Number value) {
        if (value != null && !(value.doubleValue() > 0 && Double.isFinite(value.doubleValue()))) {
            throw new IllegalArgumentException("%s: expected a number above 0, got %s".formatted(option, value));
        }
    }

    private List<String> overrides() {
        var overrides = new ArrayList<String>();
        if (!weights.isEmpty()) {
            overrides.addAll(PublishedWeights.recipe(model, weights, set));
        }
        overrides.addAll(set);
        if (epochs != null) {
            overrides.add("epochs=" + epochs);
        }
        return overrides;
    }

    private void print(RecipeSearch.Found found) {
        var json = new LinkedHashMap<String, Object>();
        json.put("finished", found.finished());
        json.put("trials", found.trials());
        json.put("seconds", found.seconds());
        var text = new StringBuilder();
        if (found.best().isPresent()) {
            json.put("best", found.best().get());
            json.put("values", found.values());
            json.put("metric", found.metric());
            json.put("value", found.value());
            json.put("recipe", out.resolve(RecipeSearch.BEST).toString());
            text.append(String.format(
                    Locale.ROOT,
                    "best        trial %d of %d, validation %s %.4f%n",
                    found.best().get(),
                    found.trials(),
                    found.metric(),
                    found.value()));
            found.values().forEach((key, value) -> text.append("            %s: %s%n".formatted(key, value)));
            text.append("recipe      ").append(out.resolve(RecipeSearch.BEST)).append(System.lineSeparator());
        } else {
            text.append("best        none: no trial came to its end").append(System.lineSeparator());
        }
        found.run().ifPresent(run -> {
            json.put("run", run.toString());
            json.put("validation", found.validation());
            text.append("run         ").append(run);
            Optional.ofNullable(found.validation().get(found.metric()))
                    .ifPresent(value ->
                            text.append(String.format(Locale.ROOT, ", validation %s %.4f", found.metric(), value)));
            text.append(System.lineSeparator());
        });
        json.put("page", out.resolve(RecipeSearch.PAGE).toString());
        text.append("page        ").append(out.resolve(RecipeSearch.PAGE)).append(System.lineSeparator());
        text.append(String.format(Locale.ROOT, "took        %.0f s%n", found.seconds()));
        if (!found.finished()) {
            output.say("stopped; the same command goes on");
        }
        output.print(json, text.toString());
    }
}
