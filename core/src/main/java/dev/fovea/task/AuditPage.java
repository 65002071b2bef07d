package dev.fovea.task;

import dev.fovea.image.Image;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.HtmlReport;
import dev.fovea.report.RunReport;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.report.RunReport.Table;
import dev.fovea.run.Examined;
import dev.fovea.run.Finding;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An audit as a page: a contact sheet for each kind of finding, the worst first. */
final class AuditPage {

    private static final int SHOWN = 40;
    private static final int COLUMNS = 8;
    private static final int PAIRS = 15;
    private static final int SIDE = 224;

    private final Audit audit;
    private final Examined images;
    private final Map<String, Integer> places = new HashMap<>();

    AuditPage(Audit audit) {
        this.audit = audit;
        images = audit.images();
        for (int i = 0; i < images.data().size(); i++) {
            places.putIfAbsent(key(images.parts().get(i), images.data().name(i)), i);
            places.putIfAbsent(images.data().name(i), i);
        }
    }

    private static String key(String part, String path) {
        return part + '\n' + path;
    }

    /** @param about the audit, by what is said first */
    void write(Path file, Map<String, String> about) {
        var figures = new ArrayList<Figure>();
        for (Finding.Kind kind : Finding.Kind.values()) {
            List<Finding> found = audit.of(kind);
            if (!found.isEmpty() && kind != Finding.Kind.UNREADABLE) {
                figures.add(figure(kind, found));
            }
        }
        HtmlReport.write(
                file,
                new RunReport(
                        "Audit of the data",
                        String.format(
                                Locale.ROOT,
                                "%,d images, %d classes, %,d findings; labels by %s",
                                images.data().size() + images.unreadable().size(),
                                images.data().classes().size(),
                                audit.findings().size(),
                                audit.method()),
                        about,
                        tiles(),
                        audit.remarks(),
                        figures,
                        tables(),
                        Map.of(),
                        ""));
    }

    private Figure figure(Finding.Kind kind, List<Finding> found) {
        boolean pairs = !found.get(0).other().isEmpty();
        int shown = Math.min(pairs ? SHOWN / 2 : SHOWN, found.size());
        List<Tile> tiles =
                found.subList(0, shown).stream().map(one -> tile(one, pairs)).toList();
        return new Figure(
                kind.word(),
                kind.title(),
                kind.meaning()
                        + (shown < found.size()
                                ? String.format(
                                        Locale.ROOT, " The first %d of %,d; findings.csv has all.", shown, found.size())
                                : ""),
                ContactSheet.draw(
                        String.format(Locale.ROOT, "%s (%,d)", kind.title(), found.size()),
                        tiles,
                        pairs ? COLUMNS / 2 : COLUMNS));
    }

    private Tile tile(Finding one, boolean pair) {
        var shown = new ArrayList<BufferedImage>();
        shown.add(image(places.get(key(one.part(), one.path()))));
        if (pair) {
            shown.add(image(places.get(one.other())));
        }
        var lines = new ArrayList<String>();
        lines.add("is " + one.given());
        if (!one.proposed().isEmpty()) {
            lines.add((one.kind() == Finding.Kind.LABEL ? "rather " : "or ") + one.proposed());
        }
        lines.add(String.format(Locale.ROOT, score(one), one.score()) + "  " + one.part());
        lines.add(pair ? shortName(one.path()) + ", " + shortName(one.other()) : shortName(one.path()));
        return new Tile(shown, lines, one.kind() == Finding.Kind.LABEL ? Mark.WRONG : Mark.NONE);
    }

    private static String score(Finding one) {
        return Math.abs(one.score()) >= 10 ? "%.0f" : "%.3f";
    }

    /** With the folder, as files of several classes may have one name. */
    private static String shortName(String path) {
        String[] names = path.split("[/\\\\]");
        return names.length < 2 ? path : names[names.length - 2] + "/" + names[names.length - 1];
    }

    /** Made smaller, so that the page stays small. */
    private BufferedImage image(int index) {
        Image image = images.data().image(index);
        double shrink = SIDE / (double) Math.max(image.width(), image.height());
        return (shrink >= 1
                        ? image
                        : image.resize(
                                Math.max(1, (int) Math.round(shrink * image.width())),
                                Math.max(1, (int) Math.round(shrink * image.height())),
                                dev.fovea.image.Filter.BILINEAR))
                .toBufferedImage();
    }

    private List<RunReport.Tile> tiles() {
        var tiles = new ArrayList<RunReport.Tile>();
        audit.joint().ifPresent(joint -> {
            tiles.add(new RunReport.Tile(
                    "labels estimated wrong", String.format(Locale.ROOT, "%.1f %%", 100 * joint.wrong())));
            tiles.add(new RunReport.Tile(
                    "labels agreed with", String.format(Locale.ROOT, "%.1f %%", 100 * joint.agreement())));
        });
        audit.check().ifPresent(check -> {
            tiles.add(new RunReport.Tile(
                    "of changed labels found", String.format(Locale.ROOT, "%.1f %%", 100 * check.recall())));
            tiles.add(new RunReport.Tile(
                    "of suspects were changed", String.format(Locale.ROOT, "%.1f %%", 100 * check.precision())));
        });
        for (Finding.Kind kind : Finding.Kind.values()) {
            int count = audit.of(kind).size();
            if (count > 0) {
                tiles.add(new RunReport.Tile(kind.word(), String.format(Locale.ROOT, "%,d", count)));
            }
        }
        return tiles;
    }

    private List<Table> tables() {
        var tables = new ArrayList<Table>();
        List<Finding> unreadable = audit.of(Finding.Kind.UNREADABLE);
        if (!unreadable.isEmpty()) {
            tables.add(new Table(
                    Finding.Kind.UNREADABLE.title(),
                    List.of("file", "why"),
                    unreadable.stream()
                            .limit(SHOWN)
                            .map(one -> List.of(one.path(), one.other()))
                            .toList()));
        }
        audit.joint().ifPresent(joint -> tables.add(confusions(joint)));
        return tables;
    }

    /** The pairs of classes that are most often taken for each other. */
    private Table confusions(Audit.Joint joint) {
        List<String> classes = images.data().classes();
        var shares = new LinkedHashMap<List<String>, Double>();
        for (int given = 0; given < classes.size(); given++) {
            for (int c = 0; c < classes.size(); c++) {
                double share = joint.shares().get(given).get(c);
                if (given != c && share > 0) {
                    shares.put(List.of(classes.get(given), classes.get(c)), share);
                }
            }
        }
        return new Table(
                "Estimated joint distribution of given and true labels: the largest shares of wrong ones",
                List.of("given", "true", "share of all images"),
                shares.entrySet().stream()
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .limit(PAIRS)
                        .map(pair -> List.of(
                                pair.getKey().get(0),
                                pair.getKey().get(1),
                                String.format(Locale.ROOT, "%.2f %%", 100 * pair.getValue())))
                        .toList());
    }
}
