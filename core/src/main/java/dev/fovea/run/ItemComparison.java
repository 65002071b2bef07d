package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.data.Sample;
import dev.fovea.image.Image;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The models of several runs on the validation images that all of these runs have: none of them was trained on one. */
public final class ItemComparison {

    private static final int AT_ONCE = 32;

    /**
     * One image.
     *
     * @param name where it comes from
     * @param target what it should be, in words; empty where that is no text
     * @param scores one for each run
     */
    public record Item(String name, String target, List<ItemScorer.Score> scores) {}

    /** Hears how far the comparison is; what it throws ends it. */
    @FunctionalInterface
    public interface Progress {
        void at(int done, int of);
    }

    /** A run with its model, which is asked for when it is wanted, and its own view of the data: classes in the order of the model's. */
    private record Side(Supplier<ItemScorer> scorer, Dataset data, int[] indices) {

        Sample sample(int item) {
            return data.sample(indices[item]);
        }
    }

    private final String metric;
    private final boolean decides;
    private final List<Side> sides;
    private final List<Item> items;
    private final List<String> remarks;

    private ItemComparison(ItemScorer judge, List<Side> sides, List<Item> items, List<String> remarks) {
        metric = judge.metric();
        decides = judge.decides();
        this.sides = sides;
        this.items = items;
        this.remarks = remarks;
    }

    /**
     * Asks the models, which are read anew.
     *
     * @param place of the data that a run recorded: where it lies now
     * @param most images; of more some are taken, spread over all
     * @throws IllegalArgumentException if the runs are not of one kind of task, or have no validation image in common
     */
    public static ItemComparison of(
            TaskTypes types, List<Path> runs, UnaryOperator<DataRequest> place, int most, Progress progress) {
        var loaded = new HashMap<Path, TaskTypes.Saved>();
        return of(
                runs,
                run -> loaded.computeIfAbsent(run, one -> types.load(one, "auto")),
                run -> RunData.of(types, run, place),
                most,
                progress);
    }

    /**
     * The same with models and data of whoever keeps them; the comparison itself keeps no model.
     *
     * @param models gives the model of a run, each time that it is wanted
     * @param data gives the data of a run
     */
    public static ItemComparison of(
            List<Path> runs,
            Function<Path, TaskTypes.Saved> models,
            Function<Path, RunData> data,
            int most,
            Progress progress) {
        if (runs.size() < 2) {
            throw new IllegalArgumentException("compare: expected two runs or more, got " + runs.size());
        }
        List<ItemScorer> scorers = runs.stream().map(run -> scorer(models, run)).toList();
        sameMetric(runs, scorers);
        var remarks = new ArrayList<String>();
        var parts = new ArrayList<Dataset>();
        for (int i = 0; i < runs.size(); i++) {
            RunData own = data.apply(runs.get(i));
            if (!own.changed().isEmpty() && !remarks.contains(own.changed())) {
                remarks.add(own.changed());
            }
            parts.add(scorers.get(i).matched(own.data().validation()));
        }
        List<String> shared = shared(runs, parts);
        int[] taken = Order.spread(shared.size(), most);
        if (taken.length < shared.size()) {
            remarks.add("%s of %s images were taken".formatted(taken.length, shared.size()));
        }
        List<String> names = IntStream.of(taken).mapToObj(shared::get).toList();
        List<Side> sides = IntStream.range(0, runs.size())
                .mapToObj(i -> new Side(() -> scorer(models, runs.get(i)), parts.get(i), places(parts.get(i), names)))
                .toList();
        List<Item> items = items(scorers, sides, names, progress);
        return new ItemComparison(scorers.get(0), sides, items, List.copyOf(remarks));
    }

    private static ItemScorer scorer(Function<Path, TaskTypes.Saved> models, Path run) {
        TaskTypes.Saved saved = models.apply(Runs.checked(run));
        return saved.type()
                .items(saved.net())
                .orElseThrow(() -> new IllegalArgumentException("%s: models for %s are not compared image by image"
                        .formatted(run, saved.type().word())));
    }

    private static void sameMetric(List<Path> runs, List<ItemScorer> scorers) {
        String first = scorers.get(0).metric();
        for (int i = 1; i < runs.size(); i++) {
            if (!scorers.get(i).metric().equals(first)) {
                throw new IllegalArgumentException(
                        "%s and %s: are of different tasks (%s and %s image by image). Compare runs of one task"
                                .formatted(
                                        runs.get(0),
                                        runs.get(i),
                                        first,
                                        scorers.get(i).metric()));
            }
        }
    }

    private static List<String> shared(List<Path> runs, List<Dataset> parts) {
        Set<String> shared = names(parts.get(0));
        parts.forEach(part -> shared.retainAll(names(part)));
        if (shared.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: have no validation image in common. Train them on the same data, or with the same validation data"
                            .formatted(String.join(
                                    ", ", runs.stream().map(Path::toString).toList())));
        }
        return List.copyOf(shared);
    }

    private static Set<String> names(Dataset data) {
        var names = new LinkedHashSet<String>();
        for (int i = 0; i < data.size(); i++) {
            names.add(data.name(i));
        }
        return names;
    }

    private static int[] places(Dataset data, List<String> names) {
        Map<String, Integer> places = new LinkedHashMap<>();
        for (int i = 0; i < data.size(); i++) {
            places.putIfAbsent(data.name(i), i);
        }
        return names.stream().mapToInt(places::get).toArray();
    }

    private static List<Item> items(List<ItemScorer> scorers, List<Side> sides, List<String> names, Progress progress) {
        var items = new ArrayList<Item>();
        int of = names.size() * sides.size();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            int to = Math.min(names.size(), from + AT_ONCE);
            var columns = new ArrayList<List<ItemScorer.Score>>();
            for (Side side : sides) {
                progress.at(from * sides.size() + columns.size() * (to - from), of);
                columns.add(scorers.get(columns.size())
                        .scores(IntStream.range(from, to).mapToObj(side::sample).toList()));
            }
            Side first = sides.get(0);
            for (int i = from; i < to; i++) {
                int row = i - from;
                items.add(new Item(
                        names.get(i),
                        scorers.get(0).usesTarget() ? first.data().targetText(first.indices()[i]) : "",
                        columns.stream().map(column -> column.get(row)).toList()));
            }
        }
        progress.at(of, of);
        return List.copyOf(items);
    }

    /** What the values of the scores are. */
    public String metric() {
        return metric;
    }

    /** Whether answers are right or wrong, and not only better or worse. */
    public boolean decides() {
        return decides;
    }

    /** Whether a smaller value of the metric is the better one. */
    public boolean lessIsBetter() {
        return Runs.lessIsBetter(metric());
    }

    /** Whether there is more to see of an answer than words. */
    public boolean drawn() {
        return !items.isEmpty() && shown(0, 0).isPresent();
    }

    /**
     * How probable it is that two models which are equally good differ as much or more on so many images, by McNemar's exact test;
     * none of other numbers of models, or of answers that can be right in part.
     */
    public OptionalDouble chance() {
        if (!metric().equals("accuracy") || sides.size() != 2) {
            return OptionalDouble.empty();
        }
        int first = 0;
        int second = 0;
        for (Item item : items) {
            boolean a = item.scores().get(0).right();
            boolean b = item.scores().get(1).right();
            first += a && !b ? 1 : 0;
            second += b && !a ? 1 : 0;
        }
        return OptionalDouble.of(chance(first, second));
    }

    /** Of so many images that one of two alone has right. */
    static double chance(int first, int second) {
        int all = first + second;
        double log = -all * Math.log(2);
        double sum = 0;
        for (int k = 0; k <= Math.min(first, second); k++) {
            sum += Math.exp(log);
            log += Math.log(all - k) - Math.log(k + 1);
        }
        return Math.min(1, 2 * sum);
    }

    /** One for each image. */
    public List<Item> items() {
        return items;
    }

    /** What its reader should know, in sentences. */
    public List<String> remarks() {
        return remarks;
    }

    /** The image of an item as it lies in the data. */
    public Image image(int item) {
        Side first = sides.get(0);
        return first.data().image(first.indices()[item]);
    }

    /** What the model of a run makes of an item, drawn; none where answers are words alone. */
    public Optional<BufferedImage> shown(int run, int item) {
        Side side = sides.get(run);
        return side.scorer().get().shown(side.sample(item));
    }
}
