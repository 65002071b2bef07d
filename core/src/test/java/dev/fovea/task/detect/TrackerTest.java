package dev.fovea.task.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrackerTest {

    private static DetectedObject at(String label, double x, double y, double score) {
        return new DetectedObject(label, score, new Box(x, y, x + 20, y + 30));
    }

    private static List<Integer> numbers(List<TrackedObject> tracked) {
        return tracked.stream().map(TrackedObject::track).toList();
    }

    @Test
    void objectsThatPassEachOtherKeepTheirNumbers() {
        var tracker = new Tracker(0.5, 10);
        var random = new SplittableRandom(3);
        for (int frame = 0; frame < 40; frame++) {
            var found = new ArrayList<DetectedObject>();
            found.add(at("cat", 5.0 * frame + random.nextDouble(), 50 + random.nextDouble(), 0.9));
            found.add(at("cat", 200 - 5.0 * frame + random.nextDouble(), 62 + random.nextDouble(), 0.8));
            assertThat(numbers(tracker.next(found))).as("frame %s", frame).containsExactly(1, 2);
        }
    }

    @Test
    void anObjectThatIsNotFoundForSomeFramesIsTheSameAfterwards() {
        var tracker = new Tracker(0.5, 5);
        for (int frame = 0; frame < 30; frame++) {
            boolean hidden = frame >= 12 && frame < 16;
            List<TrackedObject> tracked = tracker.next(hidden ? List.of() : List.of(at("cat", 6.0 * frame, 50, 0.9)));
            assertThat(numbers(tracked)).isEqualTo(hidden ? List.of() : List.of(1));
        }
    }

    @Test
    void anObjectThatIsGoneForLongerIsAnother() {
        var tracker = new Tracker(0.5, 2);
        tracker.next(List.of(at("cat", 50, 50, 0.9)));
        for (int i = 0; i < 3; i++) {
            tracker.next(List.of());
        }
        assertThat(numbers(tracker.next(List.of(at("cat", 50, 50, 0.9))))).containsExactly(2);
    }

    @Test
    void anUnsureObjectGoesOnButDoesNotBegin() {
        var tracker = new Tracker(0.5, 5);
        assertThat(tracker.next(List.of(at("cat", 50, 50, 0.3)))).isEmpty();
        assertThat(numbers(tracker.next(List.of(at("cat", 50, 50, 0.9))))).containsExactly(1);
        assertThat(numbers(tracker.next(List.of(at("cat", 51, 50, 0.3))))).containsExactly(1);
    }

    @Test
    void anotherClassInTheSamePlaceIsAnotherObject() {
        var tracker = new Tracker(0.5, 5);
        tracker.next(List.of(at("cat", 50, 50, 0.9)));
        assertThat(numbers(tracker.next(List.of(at("dog", 50, 50, 0.9))))).containsExactly(2);
    }

    @Test
    void settingsMustMakeSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tracker(1.5, 3))
                .withMessage("tracker: sure must be 0 to 1, got sure=1.5");
    }
}
