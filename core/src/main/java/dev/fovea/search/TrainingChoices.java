package dev.fovea.search;

import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.Models;
import dev.fovea.run.Corrections;
import dev.fovea.run.DataRequest;
import dev.fovea.run.PublishedWeights;
import dev.fovea.run.TaskType;
import dev.fovea.task.Tasks;
import dev.fovea.task.TrainingPlan;
import dev.fovea.task.anomaly.AnomalyType;
import dev.fovea.task.autoencode.AutoencoderType;
import dev.fovea.task.compress.CompressionType;
import dev.fovea.task.generate.GeneratorType;
import dev.fovea.task.restore.RestorationType;
import dev.fovea.train.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What can be learned from a data set and by which networks, with settings that suit its images: for a person to choose from.
 *
 * @param images in the training part
 * @param classes names, none where images have none
 * @param height median of some images, in pixels
 * @param width median of some images, in pixels
 * @param grey whether none of these has colour
 * @param uneven whether some classes have many more images than others
 * @param tasks that fit, those about what the data says of its images first
 */
public record TrainingChoices(
        int images, List<String> classes, int height, int width, boolean grey, boolean uneven, List<Fitting> tasks) {

    /** What the data may say of its images. */
    private static final List<TargetKind> KINDS = List.of(
            TargetKind.ONE_CLASS,
            TargetKind.BOXES,
            TargetKind.PIXELS,
            new TargetKind.SeveralLabels(true),
            new TargetKind.Numbers(List.of()));

    /** Of tasks that images alone teach, those that most people look for first. */
    private static final List<String> OF_IMAGES = Stream.of(
                    AnomalyType.TYPE,
                    GeneratorType.ADVERSARIAL,
                    GeneratorType.DIFFUSION,
                    RestorationType.TYPE,
                    CompressionType.TYPE,
                    AutoencoderType.VARIATIONAL)
            .map(TaskType::word)
            .toList();

    /** Published weights that are worth a download. */
    private static final List<String> SMALL_PUBLISHED = List.of("resnet18", "mobilenet_v3_small");

    /**
     * A task that fits the data.
     *
     * @param task its word
     * @param models for it, the usual one first
     * @param others names of all further networks of the registry that it trains
     */
    public record Fitting(String task, List<Suggestion> models, List<String> others) {}

    /**
     * A network with settings that suit the data.
     *
     * @param plan what to train
     * @param epochs of its recipe
     * @param megabytes to be downloaded before; 0 for none
     */
    public record Suggestion(TrainingPlan plan, int epochs, double megabytes) {}

    public TrainingChoices {
        classes = List.copyOf(classes);
        tasks = List.copyOf(tasks);
    }

    /**
     * Looks at data.
     *
     * @throws DataException if it cannot be read, or holds clips
     */
    public static TrainingChoices of(DataRequest request) {
        Map<TargetKind, Splits> kinds = kinds(request);
        Splits any =
                kinds.isEmpty() ? images(request) : kinds.values().iterator().next();
        if (any.train().size() == 0) {
            throw new DataException(request.data() + ": has no training images");
        }
        if (any.train().clips()) {
            throw new DataException(
                    request.data() + ": holds clips, for which there is no form. Train cnn-rnn on the command line");
        }
        var looks = new LinkedHashMap<TargetKind, DataLook>(); // images are read once for each kind
        kinds.forEach((kind, data) -> looks.put(kind, look(data.train())));
        DataLook look =
                looks.isEmpty() ? look(any.train()) : looks.values().iterator().next();
        var fitting = new ArrayList<Fitting>();
        var ofImages = new ArrayList<Fitting>();
        for (TaskType<?> type : Tasks.ALL.all()) {
            Task task = type.defaults().get(0);
            Optional<TargetKind> kind = kinds.keySet().stream()
                    .filter(one -> one.getClass() == task.targetKind().getClass())
                    .findFirst();
            boolean needs = task.labelled()
                    || task.targetKind().places()
                    || task.targetKind().tabular();
            if (kind.isPresent() || !needs) {
                DataLook own = kind.map(looks::get).orElse(look);
                List<Suggestion> models = suggestions(type, own, request);
                if (!models.isEmpty()) { // few-shot needs a run to start from
                    (needs ? fitting : ofImages).add(new Fitting(type.word(), models, others(type)));
                }
            }
        }
        ofImages.sort(Comparator.comparingInt(TrainingChoices::place));
        fitting.addAll(ofImages);
        return new TrainingChoices(
                look.images(), look.classes(), look.height(), look.width(), look.grey(), look.isUneven(), fitting);
    }

    private static int place(Fitting fitting) {
        int place = OF_IMAGES.indexOf(fitting.task());
        return place < 0 ? OF_IMAGES.size() : place;
    }

    private static Map<TargetKind, Splits> kinds(DataRequest request) {
        var kinds = new LinkedHashMap<TargetKind, Splits>();
        for (TargetKind kind : KINDS) {
            try {
                Splits data = open(request, Data.Options.of().withTargets(kind));
                if (data.train().size() > 0 && says(data.train(), kind)) {
                    kinds.put(kind, data);
                }
            } catch (IllegalArgumentException e) {
                // it says nothing of the kind
            }
        }
        return kinds;
    }

    private static Splits images(DataRequest request) {
        return open(request, Data.Options.of().withLabelled(false).withNewClasses(true));
    }

    private static Splits open(DataRequest request, Data.Options options) {
        Splits all =
                Data.open(request.data(), options.withFormat(request.format()).withSkipBroken(request.skipBroken()));
        return request.corrections().isEmpty()
                ? all
                : Corrections.read(Path.of(request.corrections())).apply(all);
    }

    /** Of a single class nothing is to be said. */
    private static boolean says(Dataset data, TargetKind kind) {
        Target target = data.target(0);
        return kind instanceof TargetKind.OneClass
                        && target instanceof Target.Label
                        && data.classes().size() > 1
                || kind instanceof TargetKind.SeveralLabels && target instanceof Target.Labels
                || kind instanceof TargetKind.Numbers && target instanceof Target.Values
                || kind instanceof TargetKind.Boxes && target instanceof Target.Objects
                || kind instanceof TargetKind.Pixels && target instanceof Target.PixelLabels;
    }

    private static DataLook look(Dataset train) {
        Target first = train.target(0);
        TargetKind kind = first instanceof Target.Values
                ? new TargetKind.Numbers(List.of())
                : first instanceof Target.Labels ? new TargetKind.SeveralLabels(true) : TargetKind.ONE_CLASS;
        return DataLook.of(train, kind, first instanceof Target.Label || first instanceof Target.Labels);
    }

    private static List<Suggestion> suggestions(TaskType<?> type, DataLook look, DataRequest request) {
        boolean measured = type.usesLabels() && type.word().equals(look.task());
        return measured
                ? new Candidates(look, TrainingChoices::isOffered)
                        .all().stream()
                                .map(candidate -> suggestion(candidate, request))
                                .sorted((a, b) -> Double.compare(a.megabytes(), b.megabytes()))
                                .toList()
                : new SuggestedNetworks(look, type)
                        .plans(request).stream()
                                .map(plan -> new Suggestion(plan, plan.recipe().epochs(), 0))
                                .toList();
    }

    private static boolean isOffered(String network) {
        return SMALL_PUBLISHED.contains(network) || megabytes(network) == 0;
    }

    private static Suggestion suggestion(Candidate candidate, DataRequest request) {
        int epochs = Math.min(candidate.mostEpochs(), 2 * candidate.leastEpochs());
        TrainingPlan plan = new TrainingPlan(
                        request,
                        candidate.recipe().model(),
                        candidate.weights().orElse(""),
                        candidate.weights().isPresent(),
                        List.of())
                .withRecipe(candidate.recipe().withEpochs(epochs));
        return new Suggestion(plan, epochs, candidate.weights().isPresent() ? megabytes(plan.model()) : 0);
    }

    /** Of the best published weights, if they are not on this machine yet. */
    private static double megabytes(String network) {
        List<PublishedWeights.Row> rows = PublishedWeights.rows(network + ".").stream()
                .filter(row -> row.name().startsWith(network + "."))
                .toList();
        return rows.stream().anyMatch(PublishedWeights.Row::cached)
                ? 0
                : rows.stream()
                        .mapToDouble(PublishedWeights.Row::megabytes)
                        .findFirst()
                        .orElse(0);
    }

    private static List<String> others(TaskType<?> type) {
        return Models.all().stream()
                .filter(entry ->
                        type.trains(entry.config().network()) && entry.input().frames() == 1)
                .map(ModelEntry::name)
                .toList();
    }
}
