package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.TargetKind;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatesTest {

    private static DataLook look(TargetKind kind, int images, int side, boolean sameSize, boolean grey) {
        return new DataLook(
                kind, images, Collections.nCopies(10, "c"), images / 10, images / 10, side, side, sameSize, grey);
    }

    private static List<Candidate> candidates(DataLook look, String... cached) {
        return new Candidates(look, List.of(cached)::contains).all();
    }

    private static List<String> names(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::name).toList();
    }

    private static String augment(Candidate candidate) {
        return Space.shown(RecipeFile.values(candidate.recipe()).get("augment"));
    }

    @Test
    void manySmallGreyImagesGetSmallNetworksAndAreNotMirrored() {
        DataLook look = look(TargetKind.ONE_CLASS, 60_000, 28, true, true);
        List<Candidate> all = candidates(look, "resnet18");
        assertThat(names(all)).containsExactly("resnet9-small", "resnet9-narrow", "cifar-cnn");
        assertThat(all).allSatisfy(candidate -> {
            assertThat(candidate.recipe().batch()).isEqualTo(128);
            assertThat(candidate.recipe().input().channels()).isEqualTo(1);
            assertThat(augment(candidate)).isEqualTo("[translate,cutout]");
            assertThat(candidate.recipe().task().word()).isEqualTo("classification");
            assertThat(candidate.mostEpochs()).isEqualTo(33);
        });
    }

    @Test
    void fewPhotographsStartFromPublishedWeightsWhereThereAreAny() {
        DataLook look = look(TargetKind.ONE_CLASS, 200, 224, false, false);
        List<Candidate> all = candidates(look, "resnet18", "resnet50", "mobilenet_v3_small");
        assertThat(names(all))
                .containsExactly(
                        "resnet50-pretrained", "resnet18-pretrained", "resnet9-small", "resnet18", "folder-cnn");
        Recipe tuned = all.get(1).recipe();
        assertThat(all.get(1).weights()).contains("imagenet");
        assertThat(tuned.transfer().headEpochs()).isPositive();
        assertThat(tuned.input().mean()).containsExactly(0.485, 0.456, 0.406);
    }

    @Test
    void fewPhotographsWithoutPublishedWeightsAreVariedStronglyAndShrunk() {
        List<Candidate> all = candidates(look(TargetKind.ONE_CLASS, 200, 224, false, false));
        assertThat(names(all)).containsExactly("resnet9-small", "resnet18", "folder-cnn");
        assertThat(all).allSatisfy(candidate -> {
            assertThat(augment(candidate)).contains("flip", "trivial-augment");
            assertThat(candidate.recipe().batch()).isEqualTo(32);
            assertThat(candidate.weights()).isEmpty();
            assertThat(candidate.mostEpochs()).isEqualTo(100);
        });
        assertThat(all.stream()
                        .map(candidate -> candidate.recipe().input().size().toString()))
                .containsExactly("64", "112", "64");
    }

    @Test
    void imagesOfNumbersStayAsTheyAre() {
        DataLook look = look(new TargetKind.Numbers(List.of("age", "it's")), 500, 100, true, false);
        assertThat(candidates(look, "resnet18")).isNotEmpty().allSatisfy(candidate -> {
            assertThat(candidate.recipe().task().word()).isEqualTo("regression");
            assertThat(candidate.recipe().task().targetKind()).isEqualTo(look.kind());
            assertThat(candidate.recipe().augment()).isEmpty();
            assertThat(candidate.weights()).isEmpty();
            candidate.recipe().checked();
        });
    }

    @Test
    void severalLabelsAnImageHaveATaskOfTheirOwn() {
        assertThat(candidates(look(new TargetKind.SeveralLabels(true), 5000, 64, true, false)))
                .isNotEmpty()
                .allSatisfy(candidate -> {
                    assertThat(candidate.recipe().task().word()).isEqualTo("multi-label");
                    candidate.recipe().checked();
                });
    }
}
