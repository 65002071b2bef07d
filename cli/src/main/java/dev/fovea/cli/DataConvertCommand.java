package dev.fovea.cli;

import dev.fovea.data.Conversion;
import dev.fovea.data.Data;
import dev.fovea.data.Splits;
import dev.fovea.data.TargetKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea data convert}: images with boxes in another form. */
@Command(
        name = "convert",
        description = "Writes images with boxes in another form: Pascal VOC, COCO, YOLO or CSV. Image files are copied "
                + "as they are; the data stays as it is.",
        footer = {
            "",
            "What the other form has no place for (masks, keypoints, objects to be ignored) is counted and said.",
            "",
            "Examples:",
            "  fovea data convert cells --to coco -o cells-coco",
            "  fovea data convert coco/annotations/instances_val2017.json --to yolo -o val-yolo"
        })
final class DataConvertCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DATA", description = "Folder, archive, file or name of data with boxes.")
    private String data;

    @Option(names = "--format", description = "voc, coco, yolo, wider or csv, where it is not recognised.")
    private String format = "";

    @Option(names = "--to", required = true, paramLabel = "FORM", description = "voc, coco, yolo or csv.")
    private String to;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FOLDER",
            description = "New or empty folder that is written.")
    private Path out;

    @Option(names = "--skip-broken", description = "Leaves faulty annotations and unreadable images out.")
    private boolean skipBroken;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        Splits splits = Data.open(
                data,
                Data.Options.of()
                        .withFormat(format)
                        .withSkipBroken(skipBroken)
                        .withNewClasses(true)
                        .withTargets(new TargetKind.Boxes(true, true)));
        var json = new LinkedHashMap<String, Object>();
        String text = said(Conversion.of(splits, to, out), splits.notes(), json);
        output.print(json, text);
        return 0;
    }

    /**
     * What was written, for people.
     *
     * @param notes said before those of the conversion
     * @param json that the same is put into
     */
    static String said(Conversion done, List<String> notes, Map<String, Object> json) {
        var remarks = new ArrayList<>(notes);
        remarks.addAll(done.notes());
        json.put("output", done.folder().toString());
        json.put("images", done.images());
        json.put("objects", done.objects());
        json.put("copied", done.copied());
        json.put("remarks", remarks);
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d images, %,d objects: %s",
                done.images().values().stream().mapToInt(Integer::intValue).sum(),
                done.objects(),
                done.folder()));
        remarks.forEach(remark -> text.append(System.lineSeparator()).append(remark));
        return text.toString();
    }
}
