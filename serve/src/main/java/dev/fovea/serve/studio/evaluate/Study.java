package dev.fovea.serve.studio.evaluate;

import dev.fovea.data.CsvColumns;
import dev.fovea.data.Dataset;
import dev.fovea.run.Predictor;
import dev.fovea.run.Survey;
import dev.fovea.run.TaskTypes;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.Column;
import dev.fovea.run.answers.ImageFacts;
import dev.fovea.run.answers.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model, the images that it was asked about, and what it answered.
 *
 * @param watched what it was made of
 * @param part of the data
 * @param address of the data set in the page, or empty
 * @param changed what is not as it was when the run began, in a sentence; or empty
 * @param columns what else is known of each image
 */
record Study(
        StudyKey key,
        TaskTypes.Saved saved,
        Predictor predictor,
        Dataset data,
        Watched watched,
        String part,
        String address,
        String changed,
        Optional<CsvColumns> columns,
        Survey.Result result) {

    Answers answers() {
        return result.answers();
    }

    /** The position in the data of the image of an answer. */
    int place(int answer) {
        return answers().images().get(answer).index();
    }

    /** By what is known of the images, those of the table among it. */
    List<Slice> slices(Answers of) {
        var more = new ArrayList<Column>();
        List<String> names = of.images().stream().map(ImageFacts::name).toList();
        columns.ifPresent(known ->
                known.names().forEach(name -> more.add(Column.ofCells(name, known.cells(name, names)))));
        return of.slices(more);
    }
}
