package dev.fovea.serve.studio.data;

import dev.fovea.data.Dataset;
import dev.fovea.run.Corrections;
import dev.fovea.run.Finding;
import dev.fovea.run.ImagePlaces.Place;
import dev.fovea.serve.studio.Workspace;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a page shows of a data set as a whole. */
final class DataSummary {

    private DataSummary() {}

    static Map<String, Object> of(Opened data, Workspace workspace) {
        var view = new LinkedHashMap<String, Object>();
        view.put("path", data.path());
        view.put("builtIn", data.builtIn());
        view.put("targets", data.targets());
        view.put("clips", data.splits().train().clips());
        var parts = new LinkedHashMap<String, Integer>();
        data.parts().forEach((part, images) -> parts.put(part, images.size()));
        view.put("parts", parts);
        view.put("excluded", excluded(data));
        view.put("classes", classes(data));
        view.put(
                "numbers",
                data.targets().equals("numbers") ? data.splits().train().classes() : List.of());
        view.put("notes", data.splits().notes().stream().map(data::named).toList());
        view.put("version", data.version());
        view.put("problems", data.problems().size());
        view.put("corrections", corrections(data, workspace));
        view.put(
                "growable",
                !data.builtIn()
                        && Files.isDirectory(data.place())
                        && data.targets().equals("label"));
        return view;
    }

    /** Of each part, how many images are left out. */
    private static Map<String, Integer> excluded(Opened data) {
        var excluded = new LinkedHashMap<String, Integer>();
        data.marks().forEach((place, mark) -> {
            if (mark.action() == Finding.Action.REMOVE) {
                excluded.merge(place.part(), 1, Integer::sum);
            }
        });
        return excluded;
    }

    /** Each class with its images in each part, as corrected. */
    private static List<Map<String, Object>> classes(Opened data) {
        String targets = data.targets();
        List<String> names = data.splits().train().classes();
        var rows = new ArrayList<Map<String, Object>>();
        if (targets.equals("numbers")) {
            return rows;
        }
        var counts = new LinkedHashMap<String, int[]>();
        data.parts().forEach((part, images) -> counts.put(part, counts(data, part, images)));
        for (int c = 0; c < names.size(); c++) {
            var row = new LinkedHashMap<String, Object>();
            row.put("name", names.get(c));
            for (Map.Entry<String, int[]> part : counts.entrySet()) {
                int[] of = part.getValue();
                if (c < of.length) {
                    row.put(part.getKey(), of[c]);
                }
            }
            rows.add(row);
        }
        return rows;
    }

    /** Classes of pixels are not counted: every mask would have to be read. */
    private static int[] counts(Opened data, String part, Dataset images) {
        if (data.targets().equals("pixels")
                || data.targets().equals("none")
                || data.targets().equals("pair")) {
            return new int[0];
        }
        int[] counts = images.counts();
        data.marks().forEach((place, mark) -> {
            if (place.part().equals(part) && mark.action() != Finding.Action.KEEP) {
                move(counts, images, place.index(), mark);
            }
        });
        return counts;
    }

    private static void move(int[] counts, Dataset images, int index, Finding mark) {
        Items.labels(images.target(index)).forEach(label -> counts[label]--);
        int to = images.classes().indexOf(mark.proposed());
        if (mark.action() == Finding.Action.RELABEL && to >= 0) {
            counts[to]++;
        }
    }

    /** The list of corrections, how many there are, and what can be undone. */
    static Map<String, Object> corrections(Opened data, Workspace workspace) {
        Corrections now = data.log().now();
        Map<Place, Finding> marks = data.marks();
        var view = new LinkedHashMap<String, Object>();
        view.put("list", workspace.relative(now.list()));
        view.put("removed", count(marks, Finding.Action.REMOVE));
        view.put("relabelled", count(marks, Finding.Action.RELABEL));
        view.put("kept", count(marks, Finding.Action.KEEP));
        view.put("lost", now.all().size() - marks.size());
        view.put("undo", data.log().undoable());
        view.put("redo", data.log().redoable());
        return view;
    }

    private static long count(Map<Place, Finding> marks, Finding.Action action) {
        return marks.values().stream().filter(one -> one.action() == action).count();
    }
}
