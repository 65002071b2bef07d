package dev.fovea.task;

import dev.fovea.run.TaskTypes;
import dev.fovea.task.anomaly.AnomalyType;
import dev.fovea.task.autoencode.AutoencoderType;
import dev.fovea.task.classify.ClassificationType;
import dev.fovea.task.classify.FewShotType;
import dev.fovea.task.compress.CompressionType;
import dev.fovea.task.detect.DetectionType;
import dev.fovea.task.embed.EmbeddingType;
import dev.fovea.task.embed.SelfSupervisedType;
import dev.fovea.task.generate.GeneratorType;
import dev.fovea.task.multilabel.MultiLabelType;
import dev.fovea.task.regress.RegressionType;
import dev.fovea.task.restore.RestorationType;
import dev.fovea.task.segment.SegmentationType;
import java.util.List;

/** The tasks of this library. */
public final class Tasks {

    /** All of them, in the order in which messages name them. */
    public static final TaskTypes ALL = new TaskTypes(List.of(
            ClassificationType.TYPE,
            FewShotType.TYPE,
            MultiLabelType.TYPE,
            RegressionType.TYPE,
            SelfSupervisedType.TYPE,
            EmbeddingType.TYPE,
            AutoencoderType.RECONSTRUCTION,
            AutoencoderType.VARIATIONAL,
            AutoencoderType.QUANTIZATION,
            AutoencoderType.MASKING,
            DetectionType.TYPE,
            SegmentationType.TYPE,
            AnomalyType.TYPE,
            RestorationType.TYPE,
            CompressionType.TYPE,
            GeneratorType.ADVERSARIAL,
            GeneratorType.TOKENS,
            GeneratorType.DIFFUSION));

    private Tasks() {}
}
