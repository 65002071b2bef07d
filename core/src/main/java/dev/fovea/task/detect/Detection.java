package dev.fovea.task.detect;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.data.BatchTransform;
import dev.fovea.data.TargetKind;
import dev.fovea.train.Task;

/**
 * Objects in an image: where, and of which class.
 *
 * @param iou overlap above which the weaker of two boxes of a class is a duplicate, 0 to 1; 0 for what the network has
 * @param most objects of an image, at least 1; 0 for what the network has
 * @param masks whether masks of the objects are learned, too; for networks that have a head for them
 * @param keypoints whether keypoints are
 */
@JsonTypeName(Detection.WORD)
public record Detection(double iou, int most, boolean masks, boolean keypoints) implements Task {

    static final String WORD = "detection";

    /** As the network has it. */
    static final Detection USUAL = new Detection(0, 0, false, false);

    public Detection {
        Task.check(iou >= 0 && iou <= 1, "task.iou must be 0 (the network's own) to 1, got task.iou=%s", iou);
        Task.check(
                most >= 0 && most <= 10_000,
                "task.most must be 0 (the network's own) to 10000, got task.most=%s",
                most);
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public boolean takes(BatchTransform transform) {
        return !(transform instanceof BatchTransform.CutMix)
                && (masks || !(transform instanceof BatchTransform.CopyPaste));
    }

    @Override
    public TargetKind targetKind() {
        return new TargetKind.Boxes(masks, keypoints);
    }
}
