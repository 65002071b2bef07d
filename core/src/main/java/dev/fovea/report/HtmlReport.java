package dev.fovea.report;

import dev.fovea.image.Image;
import dev.fovea.io.AtomicFile;
import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** A report as one HTML file that needs nothing beside it; its images also lie there as PNG. */
public final class HtmlReport {

    private static final int COLUMN = 660;

    private static final Configuration TEMPLATES = templates();

    private HtmlReport() {}

    /** Writes {@code file} and one PNG for each figure into its folder. */
    public static void write(Path file, RunReport report) {
        Map<RunReport.Figure, byte[]> coded = coded(report);
        coded.forEach((figure, png) -> AtomicFile.write(file.resolveSibling(figure.file() + ".png"), png));
        AtomicFile.write(file, render(report, coded));
    }

    /** The page alone, its images inside of it. */
    public static String render(RunReport report) {
        return render(report, coded(report));
    }

    /** Each figure as PNG, once: for the page and for the file beside it. */
    private static Map<RunReport.Figure, byte[]> coded(RunReport report) {
        var coded = new IdentityHashMap<RunReport.Figure, byte[]>();
        report.figures().forEach(figure -> coded.put(figure, Image.png(figure.image())));
        return coded;
    }

    private static String render(RunReport report, Map<RunReport.Figure, byte[]> coded) {
        var model = new HashMap<String, Object>();
        model.put("title", report.title());
        model.put("subtitle", report.subtitle());
        model.put("about", report.about());
        model.put(
                "tiles",
                report.tiles().stream()
                        .map(t -> Map.of("name", t.name(), "value", t.value()))
                        .toList());
        model.put("remarks", report.remarks());
        model.put("figures", figures(report.figures(), coded));
        model.put("firstTables", tables(report, true));
        model.put("tables", tables(report, false));
        model.put("facts", report.facts());
        model.put("recipe", report.recipe());
        var out = new StringWriter();
        try {
            TEMPLATES.getTemplate("report.ftlh").process(model, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TemplateException e) {
            throw new IllegalStateException("the report's template failed: " + e.getMessageWithoutStackTop(), e);
        }
        return out.toString();
    }

    private static List<Map<String, Object>> tables(RunReport report, boolean first) {
        return report.tables().stream()
                .filter(table -> table.first() == first)
                .map(t -> Map.<String, Object>of("title", t.title(), "head", t.head(), "rows", t.rows()))
                .toList();
    }

    /** Two narrow ones stand side by side; of an odd number the last has a row of its own. */
    private static List<Map<String, Object>> figures(List<RunReport.Figure> all, Map<RunReport.Figure, byte[]> coded) {
        List<RunReport.Figure> narrow = all.stream()
                .filter(figure -> figure.image().getWidth() / 2 <= COLUMN)
                .toList();
        var figures = new ArrayList<Map<String, Object>>();
        for (RunReport.Figure figure : all) {
            boolean last = !narrow.isEmpty() && figure == narrow.get(narrow.size() - 1);
            figures.add(figure(figure, coded.get(figure), last && narrow.size() % 2 == 1));
        }
        return figures;
    }

    /** At half of its pixels, so that it is sharp on fine screens; what is wider than a column has the page's width. */
    private static Map<String, Object> figure(RunReport.Figure figure, byte[] coded, boolean alone) {
        int width = figure.image().getWidth() / 2;
        return Map.of(
                "title",
                figure.title(),
                "caption",
                figure.caption(),
                "data",
                "data:image/png;base64," + Base64.getEncoder().encodeToString(coded),
                "width",
                width,
                "place",
                width > COLUMN ? "wide" : alone ? "alone" : "");
    }

    private static Configuration templates() {
        var configuration = new Configuration(Configuration.VERSION_2_3_34);
        configuration.setClassForTemplateLoading(HtmlReport.class, "");
        configuration.setDefaultEncoding(StandardCharsets.UTF_8.name());
        configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
        configuration.setLogTemplateExceptions(false);
        return configuration;
    }
}
