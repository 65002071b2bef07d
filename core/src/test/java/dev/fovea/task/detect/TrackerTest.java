package dev.fovea.task.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Box;
import dev.fovea.data.Mask;
import dev.fovea.data.MovingShapes;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
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

    /** Two clips beside each other; left out are shapes that come in again on the other side, or start again as small ones. */
    @Test
    void movingShapesKeepTheirNumbers() {
        var clips = new MovingShapes(5, 200, 32, 16);
        List<List<Box>> whole = IntStream.range(0, clips.size())
                .filter(clip -> !clips.classes().get(clips.label(clip)).matches("growing|shrinking"))
                .mapToObj(clip -> boxes(clips, clip))
                .filter(boxes -> boxes.stream().allMatch(TrackerTest::isWhole))
                .toList();
        assertThat(whole).hasSizeGreaterThan(10);
        for (int clip = 0; clip + 1 < whole.size(); clip += 2) {
            var tracker = new Tracker(0.5, 5);
            for (int frame = 0; frame < 16; frame++) {
                Box left = whole.get(clip).get(frame);
                Box other = whole.get(clip + 1).get(frame);
                var right = new Box(other.left() + 32, other.top(), other.right() + 32, other.bottom());
                List<TrackedObject> tracked = tracker.next(
                        List.of(new DetectedObject("shape", 0.9, left), new DetectedObject("shape", 0.8, right)));
                assertThat(numbers(tracked))
                        .as("clips %s, frame %s", clip, frame)
                        .containsExactly(1, 2);
            }
        }
    }

    private static boolean isWhole(Box box) {
        return box.left() > 0 && box.top() > 0 && box.right() < 32 && box.bottom() < 32;
    }

    /** Of what is much lighter or darker than most of each frame. */
    private static List<Box> boxes(MovingShapes clips, int clip) {
        return clips.frames(clip, IntStream.range(0, 16).toArray()).stream()
                .map(TrackerTest::box)
                .toList();
    }

    private static Box box(Image frame) {
        int[] brightness = new int[32 * 32];
        for (int i = 0; i < brightness.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                brightness[i] += frame.pixels()[3 * i + channel] & 0xFF;
            }
        }
        int[] sorted = brightness.clone();
        Arrays.sort(sorted);
        byte[] seen = new byte[brightness.length];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = (byte) (Math.abs(brightness[i] - sorted[seen.length / 2]) > 200 ? 1 : 0);
        }
        return new Mask(new Size(32, 32), seen).box().orElseThrow();
    }
}
