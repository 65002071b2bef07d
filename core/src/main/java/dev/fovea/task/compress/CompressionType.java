package dev.fovea.task.compress;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.image.Image;
import dev.fovea.io.CodedImage;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.TransformCodec;
import dev.fovea.nn.Loss;
import dev.fovea.optim.Schedule;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Comparison;
import dev.fovea.run.Evaluated;
import dev.fovea.run.FigureKeeper;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.Inputs;
import dev.fovea.run.ItemScorer;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Sections;
import dev.fovea.run.Subset;
import dev.fovea.run.TaskReport;
import dev.fovea.run.TaskType;
import dev.fovea.run.Trial;
import dev.fovea.run.answers.Scale;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Compresses images: the task of {@link Compression} settings. */
public final class CompressionType implements TaskType<Compression> {

    /** The only one. */
    public static final CompressionType TYPE = new CompressionType();

    private static final int SHOWN = 6;

    /** Validation images that are coded whole for the metrics, at most. */
    private static final int MEASURED = 200;

    /** Of these, those that JPEG is measured on at all its qualities. */
    private static final int DRAWN = 24;

    private static final int SIDE = 192;

    private CompressionType() {}

    @Override
    public String word() {
        return Compression.WORD;
    }

    @Override
    public Class<Compression> settings() {
        return Compression.class;
    }

    @Override
    public List<Compression> defaults() {
        return List.of(new Compression(0.01));
    }

    @Override
    public Class<?> network() {
        return TransformCodec.class;
    }

    @Override
    public Recipe start(Recipe base) {
        return base.withPatches(64, 40)
                .withEpochs(30)
                .withBatch(8)
                .withSchedule(new Schedule.Cosine(200, 0))
                .withUpdate(new Recipe.Update(1, 1, 0, 0, 0))
                .withLoss(new Loss.Mse());
    }

    @Override
    public Preprocess preprocess(Recipe recipe, Dataset train) {
        return Inputs.unit(recipe, train);
    }

    @Override
    public Objective objective(RunContext run) {
        int side = run.preprocess().height();
        if (side % TransformCodec.STRIDE != 0) {
            throw new IllegalArgumentException("input.size must be a multiple of %s for %s, got input.size=%s"
                    .formatted(TransformCodec.STRIDE, run.recipe().model(), side));
        }
        return new RateDistortionObjective(settings(run.recipe()), run.pixels());
    }

    @Override
    public int evaluationBatch() {
        return 16;
    }

    @Override
    public boolean savesTrainedWeights() {
        return false;
    }

    /** Without frequencies it could not code. */
    @Override
    public ModelPackage unfinished(RunContext run) {
        ((TransformCodec) run.net()).prior().freeze();
        return run.model();
    }

    @Override
    public Finished finish(RunContext run, History history) {
        ModelPackage model = unfinished(run);
        Dataset validation = Subset.evenly(run.data().validation(), MEASURED);
        if (validation.size() == 0) {
            return Finished.unvalidated(run);
        }
        var codec = new Codec(new SavedNet(model, run.device()));
        Map<String, Double> metrics = codec.evaluate(validation);
        int held = run.data().validation().size();
        String subtitle = String.format(
                Locale.ROOT,
                "%,d training and %,d validation images%s",
                run.data().train().size(),
                held,
                validation.size() == held
                        ? ""
                        : String.format(Locale.ROOT, "; metrics of %,d of them, spread over all", validation.size()));
        return new Finished(
                model.withMetrics(metrics),
                metrics,
                List.of(),
                folder -> new TaskReport(run, history, metrics)
                        .write(folder, subtitle, sections(codec, validation, history)));
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        return Evaluated.of(new Codec(net).evaluate(data));
    }

    @Override
    public Optional<AnswerKeeper> keeper(SavedNet net) {
        return Optional.of(FigureKeeper.of(
                new CompressionTrial(new Codec(net)),
                List.of(
                        new FigureKeeper.Kind("psnr", Scale.MORE),
                        new FigureKeeper.Kind("bitsPerPixel", Scale.LESS),
                        new FigureKeeper.Kind("jpegPsnr", Scale.MORE))));
    }

    @Override
    public Trial trial(SavedNet net) {
        return new CompressionTrial(new Codec(net));
    }

    private static Sections sections(Codec codec, Dataset validation, History history) {
        Dataset drawn = Subset.evenly(validation, DRAWN);
        var sections = new Sections();
        history.curve(sections, "curves-loss", "Loss", "bits per pixel + lambda × error", "loss", "Lower is better.");
        history.curve(
                sections, "curves-bits", "Rate", "bits per pixel", "bitsPerPixel", "As the learned distribution says.");
        sections.add(
                "Rate and distortion",
                () -> new Figure(
                        "rate-distortion",
                        "Rate and distortion",
                        "Up and to the left is better. This model and JPEG at qualities 5 to 90 on the same %s images; files whole, with their headers. Images that were JPEG files before come out all but unchanged at the quality that they had."
                                .formatted(drawn.size()),
                        RateDistortion.of(List.of(codec), drawn).chart("psnr", "PSNR (dB)")));
        sections.add(
                "Validation images",
                () -> new Figure(
                        "examples",
                        "Validation images",
                        "The image, the image decoded from the codec's bytes, and JPEG of no more bytes, or the smallest that there is.",
                        examples(codec, validation)));
        return sections;
    }

    private static BufferedImage examples(Codec codec, Dataset validation) {
        var tiles = new ArrayList<Tile>();
        for (int i = 0; i < Math.min(SHOWN, validation.size()); i++) {
            Image whole = codec.shown(validation.image(i));
            int side = Math.min(SIDE, Math.min(whole.width(), whole.height()));
            Image image = whole.crop((whole.width() - side) / 2, (whole.height() - side) / 2, side, side);
            CodedImage coded = codec.compress(image);
            Image made = codec.decompress(coded);
            int bytes = coded.toBytes().length;
            byte[] beside = Codec.jpegOf(image, bytes);
            Image jpeg = Codec.decoded(image, beside);
            tiles.add(new Tile(
                    List.of(image.toBufferedImage(), made.toBufferedImage(), jpeg.toBufferedImage()),
                    List.of(String.format(
                            Locale.ROOT,
                            "%,d bytes %.1f dB, JPEG %,d bytes %.1f dB",
                            bytes,
                            Comparison.psnr(image, made),
                            beside.length,
                            Comparison.psnr(image, jpeg))),
                    Mark.NONE));
        }
        return ContactSheet.draw("Validation images: as they are, this codec, JPEG", tiles, 2);
    }

    @Override
    public Optional<ItemScorer> items(SavedNet net) {
        var codec = new Codec(net);
        return Optional.of(ItemScorer.ofImages(sample -> {
            CodedImage coded = codec.compress(sample.image());
            return new ItemScorer.Made(
                    codec.decompress(coded),
                    codec.shown(sample.image()),
                    String.format(Locale.ROOT, "%,d bytes", coded.toBytes().length));
        }));
    }
}
