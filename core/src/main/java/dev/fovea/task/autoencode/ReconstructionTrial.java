package dev.fovea.task.autoencode;

import dev.fovea.image.Image;
import dev.fovea.run.Comparison;
import dev.fovea.run.Trial;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An autoencoder as it is tried: the image as it is shown, and its reconstruction. */
record ReconstructionTrial(Autoencoder autoencoder) implements Trial {

    @Override
    public Outcome of(Image image, Optional<Image> mask, Map<String, Double> chosen) {
        Image seen = autoencoder.seen(image);
        Image made = autoencoder.reconstruct(seen);
        double psnr = Comparison.psnr(seen, made);
        return new Outcome(
                Map.of("psnr", psnr),
                String.format(Locale.ROOT, "%.1f dB", psnr),
                Map.of(Role.INPUT, seen.toBufferedImage(), Role.OUTPUT, made.toBufferedImage()));
    }
}
