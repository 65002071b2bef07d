package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.run.TaskTypes;
import dev.fovea.run.gallery.Gallery;
import dev.fovea.task.ImageSearch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea index}: embeds images so that they can be searched. */
@Command(
        name = "index",
        description = "Embeds images by a model and writes them as a gallery, which `find` searches.",
        footer = {
            "",
            "Examples:",
            "  fovea index people --model runs/people-1 -o people.gallery",
            "  fovea index photos --model resnet50 --weights imagenet -o photos.gallery",
            "  fovea index new-photos --into photos.gallery"
        })
final class IndexCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DATA", description = "Images: all parts that the data has.")
    private String data;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "A run or package for embedding or of a classifier; with --weights a name from `fovea models`.")
    private Path model;

    @Mixin
    private ModelChoice choice;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "GALLERY",
            description = "Folder of the gallery that is written.")
    private Path out;

    @Option(
            names = "--into",
            paramLabel = "GALLERY",
            description = "A gallery that the images are added to, by the model that made it.")
    private Path into;

    @Option(
            names = "--format",
            description =
                    "Format of the data, where it is not recognised: folder, frames, idx, cifar, csv, voc, coco, yolo, wider.")
    private String format = "";

    @Option(names = "--skip-broken", description = "Leave unreadable images out instead of stopping.")
    private boolean skipBroken;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        if ((out == null) == (into == null)) {
            throw new IllegalArgumentException("name the gallery: a new one with -o, one to add to with --into");
        }
        if (out != null && model == null) {
            throw new IllegalArgumentException(
                    "--model: is needed for a new gallery, a run or with --weights a network, as in --model resnet50 --weights imagenet");
        }
        if (out != null && Files.exists(out)) {
            throw new IllegalArgumentException(
                    "%s: is there already. Add to it with --into, or choose another name".formatted(out));
        }
        ImageSearch before = into == null ? null : FindCommand.search(into, model, choice, device, output);
        Dataset images = images();
        ImageSearch search = before == null ? made(images) : before.and(images);
        Path folder = before == null ? out : into;
        search.write(folder);
        Gallery gallery = search.gallery();
        var json = new LinkedHashMap<String, Object>();
        json.put("gallery", folder.toString());
        json.put("images", gallery.size());
        json.put("added", images.size());
        json.put("dimensions", gallery.dimensions());
        json.put("exact", gallery.size() <= Gallery.EXACT);
        output.print(
                json,
                String.format(
                        Locale.ROOT,
                        "%s: %,d images, %,d of them new, by %d numbers each",
                        folder,
                        gallery.size(),
                        images.size(),
                        gallery.dimensions()));
        return 0;
    }

    private ImageSearch made(Dataset images) {
        TaskTypes.Saved saved = choice.load(model, device, output);
        return ImageSearch.of(saved.net(), choice.lasting(model), choice.lastingWeights(), images);
    }

    private Dataset images() {
        var options = Data.Options.of()
                .withFormat(format)
                .withSkipBroken(skipBroken)
                .withLabelled(false)
                .withNewClasses(true)
                .withContent(Data.Content.IMAGES);
        Splits splits = Data.open(data, options);
        splits.notes().forEach(note -> output.say("%s", note));
        return List.of(splits.train(), splits.validation(), splits.test()).stream()
                .filter(part -> part.size() > 0)
                .reduce(Dataset::and)
                .orElseThrow(() -> new IllegalArgumentException(data + ": has no images"));
    }
}
