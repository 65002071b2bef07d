package dev.fovea.serve.studio.evaluate;

import dev.fovea.data.CsvColumns;
import dev.fovea.data.Dataset;
import dev.fovea.run.Survey;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.Column;
import dev.fovea.run.answers.ImageFacts;
import dev.fovea.run.answers.MeasuredAnswers;
import dev.fovea.run.answers.Slice;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.models.LoadedModel;
import dev.fovea.serve.studio.models.RunImages;
import dev.fovea.serve.studio.models.Watched;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A model, the images that it was asked about, and what it answered. The model itself is asked for when it is wanted: it is kept for all
 * views in one place.
 *
 * @param kind how models of its task are looked at
 * @param methods by which its answers can be explained
 * @param data the images
 * @param all how many the part has, of which these may be some
 * @param watched what it was made of
 * @param part of the data
 * @param address of the data set in the page, or empty
 * @param changed what is not as it was when the run began, in a sentence; or empty
 * @param columns what else is known of each image
 */
record Study(
        StudyKey key,
        String kind,
        List<String> methods,
        Supplier<LoadedModel> model,
        Dataset data,
        int all,
        Watched watched,
        String part,
        String address,
        String changed,
        Optional<CsvColumns> columns,
        Survey.Result result) {

    Answers answers() {
        return result.answers();
    }

    /**
     * The position in the data of the image of an answer.
     *
     * @throws Refusal if there is no such answer
     */
    int place(int answer) {
        int count = answers().images().size();
        if (answer < 0 || answer >= count) {
            throw Refusal.notFound("there are answers about %s images, none is number %s".formatted(count, answer));
        }
        return answers().images().get(answer).index();
    }

    /** The class of the image of an answer; empty where it has none. */
    String label(int answer) {
        return RunImages.label(data, place(answer));
    }

    /** The name of the image of an answer as data sets of the workspace have it. */
    String name(int answer) {
        return answers().images().get(answer).name();
    }

    /** By what is known of the images, those of the table among it. */
    List<Slice> slices(Answers of) {
        var more = new ArrayList<Column>();
        List<String> names = of.images().stream().map(ImageFacts::name).toList();
        if (of instanceof MeasuredAnswers) { // others are cut by class themselves
            more.add(new Column.Words(
                    "class",
                    IntStream.range(0, names.size()).mapToObj(this::label).toList()));
        }
        columns.ifPresent(known ->
                known.names().forEach(name -> more.add(Column.ofCells(name, known.cells(name, names)))));
        return of.slices(more);
    }
}
