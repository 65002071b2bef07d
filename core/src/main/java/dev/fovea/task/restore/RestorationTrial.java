package dev.fovea.task.restore;

import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Comparison;
import dev.fovea.run.FigureKeeper;
import dev.fovea.run.Trial;
import dev.fovea.run.answers.Scale;
import java.awt.image.BufferedImage;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Restoration as it is tried: the image before and after; of an image that is degraded first also how far each is from it. */
record RestorationTrial(Restorer restorer) implements Trial {

    private static final String AMOUNT = "amount";
    private static final String GAIN = "psnrGain";

    @Override
    public List<Dial> dials() {
        if (!restorer.takesAmount()) {
            return List.of();
        }
        Restoration task = restorer.task();
        double least = task.degradation().least;
        double most = task.degradation().most;
        return List.of(new Dial(AMOUNT, least, most, most > 1 ? 1 : 0.01, (task.low() + task.high()) / 2));
    }

    @Override
    public boolean masked() {
        return restorer.task().degradation() == DegradationType.HOLES;
    }

    @Override
    public Outcome of(Image image, Optional<Image> mask, Map<String, Double> chosen) {
        Image made = mask.map(own -> restorer.fill(image, own))
                .or(() -> Optional.ofNullable(chosen.get(AMOUNT)).map(amount -> restorer.restore(image, amount)))
                .orElseGet(() -> restorer.restore(image));
        return new Outcome(
                Map.of("degradation", restorer.degradation()),
                "%sx%s pixels".formatted(made.width(), made.height()),
                images(image, made));
    }

    @Override
    public Outcome example(Image image, long seed) {
        List<Image> all = restorer.example(image, seed); // clean, degraded, restored
        Image clean = all.get(0);
        Image degraded = all.get(1);
        Image shown = degraded.size().equals(clean.size())
                ? degraded
                : degraded.resize(clean.width(), clean.height(), Filter.BILINEAR);
        double before = Comparison.psnr(shown, clean);
        double after = Comparison.psnr(all.get(2), clean);
        var values = new LinkedHashMap<String, Object>();
        values.put("degradation", restorer.degradation());
        values.put("inputPsnr", before);
        values.put("psnr", after);
        Map<Role, BufferedImage> images = images(shown, all.get(2));
        images.put(Role.TARGET, clean.toBufferedImage());
        return new Outcome(values, String.format(Locale.ROOT, "%.1f dB, was %.1f dB", after, before), images);
    }

    /** By how much restored images are nearer to the clean ones, whose degradation is drawn by each image itself. */
    static AnswerKeeper keeper(Restorer restorer) {
        return new FigureKeeper(
                List.of(
                        new FigureKeeper.Kind("psnr", Scale.MORE),
                        new FigureKeeper.Kind("inputPsnr", Scale.MORE),
                        new FigureKeeper.Kind(GAIN, Scale.MORE)),
                image -> {
                    var values = new LinkedHashMap<String, Object>(
                            new RestorationTrial(restorer).example(image).values());
                    values.put(GAIN, (double) values.get("psnr") - (double) values.get("inputPsnr"));
                    return values;
                });
    }

    private static Map<Role, BufferedImage> images(Image before, Image after) {
        var images = new EnumMap<Role, BufferedImage>(Role.class);
        images.put(Role.INPUT, before.toBufferedImage());
        images.put(Role.OUTPUT, after.toBufferedImage());
        return images;
    }
}
