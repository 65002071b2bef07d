package dev.fovea.serve.studio.data;

import dev.fovea.data.DataStamp;
import dev.fovea.data.Dataset;
import dev.fovea.run.ImageColumns;
import dev.fovea.run.answers.Column;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Workspace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of the images of data sets beside their labels, for as long as the data stays the same. */
final class Measured {

    private static final int KEPT = 8;

    private record Key(String path, DataStamp stamp) {}

    /** What is measured are numbers. */
    record Measurements(List<Column.Numbers> columns) {

        Measurements {
            columns = List.copyOf(columns);
        }
    }

    private final KeptResults<Measurements> measured;
    private final Map<Key, List<Column>> tables = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, List<Column>> eldest) {
            return size() > KEPT;
        }
    };

    Measured(Workspace workspace) {
        measured = new KeptResults<>(workspace, "measurements", Measurements.class);
    }

    private static Key key(Opened data) {
        return new Key(data.path(), data.stamp());
    }

    /** What was measured; none before it was. */
    Optional<List<Column>> of(Opened data) {
        int images = data.parts().values().stream().mapToInt(Dataset::size).sum();
        return measured.of(data)
                .map(Measurements::columns)
                .filter(columns -> columns.stream().allMatch(column -> column.size() == images))
                .map(List::copyOf);
    }

    /** Reads every image, if that was not done before. */
    List<Column> measure(Opened data, Job job) {
        Optional<List<Column>> known = of(data);
        if (known.isPresent()) {
            return known.get();
        }
        List<Column> columns = ImageColumns.measured(data.splits(), job::progress);
        measured.put(
                data,
                new Measurements(
                        columns.stream().map(Column.Numbers.class::cast).toList()));
        return columns;
    }

    /** The numbers that are to be learned and the further columns of a list; none of other data. */
    List<Column> ofTable(Opened data) {
        synchronized (this) {
            List<Column> known = tables.get(key(data));
            if (known != null) {
                return known;
            }
        }
        List<Column> columns = ImageColumns.said(data.splits(), data.spec());
        synchronized (this) {
            tables.put(key(data), columns);
        }
        return columns;
    }
}
