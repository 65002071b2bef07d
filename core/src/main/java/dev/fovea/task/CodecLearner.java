package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.io.CodedImage;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.TransformCodec;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.train.Objective;
import dev.fovea.train.RateDistortionObjective;
import dev.fovea.train.Task;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A run that trains a codec. */
final class CodecLearner implements Learner {

    private static final int SHOWN = 6;

    /** Validation images that are coded whole for the metrics, at most. */
    private static final int MEASURED = 200;

    /** Of these, those that JPEG is measured on at all its qualities. */
    private static final int DRAWN = 24;

    private static final int SIDE = 192;

    private Codec codec;

    /** The result of the run. */
    Codec codec() {
        return codec;
    }

    @Override
    public Objective objective(RunContext run) {
        if (!(run.net() instanceof TransformCodec)) {
            throw new IllegalArgumentException("'%s' is no codec. Those that are: %s"
                    .formatted(run.recipe().model(), Registry.names("compression")));
        }
        int side = run.preprocess().height();
        if (side % TransformCodec.STRIDE != 0) {
            throw new IllegalArgumentException("input.size must be a multiple of %s for %s, got input.size=%s"
                    .formatted(TransformCodec.STRIDE, run.recipe().model(), side));
        }
        return new RateDistortionObjective((Task.Compression) run.recipe().task(), run.pixels());
    }

    @Override
    public int evaluationBatch() {
        return 16;
    }

    @Override
    public boolean asLearned() {
        return false;
    }

    /** Without frequencies it could not code. */
    @Override
    public ModelPackage unfinished(RunContext run) {
        ((TransformCodec) run.net()).prior().freeze();
        return run.model();
    }

    @Override
    public Map<String, Double> finish(RunContext run, History history) {
        ((TransformCodec) run.net()).prior().freeze();
        codec = new Codec(new Network(run.model(), run.device()));
        codec.save(run.folder().model()); // first: nothing that fails later is to cost the model
        Dataset validation = Subset.evenly(run.data().validation(), MEASURED);
        if (validation.size() == 0) {
            return Map.of();
        }
        Map<String, Double> metrics = codec.evaluate(validation);
        codec = new Codec(new Network(run.model().withMetrics(metrics), run.device()));
        codec.save(run.folder().model());
        int held = run.data().validation().size();
        String measured = validation.size() == held
                ? ""
                : String.format(Locale.ROOT, "; metrics of %,d of them, spread over all", validation.size());
        new TaskReport(run, history, metrics)
                .write(
                        String.format(
                                Locale.ROOT,
                                "%,d training and %,d validation images%s",
                                run.data().train().size(),
                                held,
                                measured),
                        sections(validation, history));
        return metrics;
    }

    private Sections sections(Dataset validation, History history) {
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
                        examples(validation)));
        return sections;
    }

    private BufferedImage examples(Dataset validation) {
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
}
