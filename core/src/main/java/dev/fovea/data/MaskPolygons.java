package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;

/**
 * A mask as polygons along the edges of its pixels, as people edit them: one around each piece, of as few corners as a tolerance allows
 * (Douglas and Peucker 1973). A hole is part of the ring around it: a bridge that is walked there and back, and so covers nothing, leads
 * to it.
 */
public final class MaskPolygons {

    /** Holes that are cut out, the largest first: masks of noise have them by the thousand. */
    private static final int MOST_HOLES = 1000;

    private static final int[] ACROSS = {1, 0, -1, 0};
    private static final int[] DOWN = {0, 1, 0, -1};

    private final Mask mask;
    private final int width;

    /** Edges that are not walked yet, by the corner where they begin: a bit for each direction. */
    private final byte[] edges;

    private MaskPolygons(Mask mask) {
        this.mask = mask;
        Size size = mask.size();
        width = size.width() + 1;
        edges = new byte[width * (size.height() + 1)];
    }

    /**
     * Polygons around the pieces of {@code mask}, the largest first.
     *
     * @param tolerance how far a polygon may be from the edge, in pixels; 0 for all corners
     * @param leastArea smaller pieces are left out, in pixels
     */
    public static List<List<Double>> of(Mask mask, double tolerance, double leastArea) {
        var tracing = new MaskPolygons(mask);
        tracing.findEdges();
        List<int[]> rings = tracing.rings();
        List<int[]> pieces = rings.stream()
                .filter(ring -> area(ring) > 0)
                .sorted(Comparator.comparingDouble(ring -> -area(ring)))
                .toList();
        var holes = new HashMap<int[], List<int[]>>();
        rings.stream()
                .filter(ring -> area(ring) <= -Math.max(1, leastArea)) // they run the other way
                .sorted(Comparator.comparingDouble(MaskPolygons::area))
                .limit(MOST_HOLES)
                .forEach(hole -> holes.computeIfAbsent(around(hole, pieces), p -> new ArrayList<>())
                        .add(hole));
        return pieces.stream()
                .filter(piece -> area(piece) >= leastArea)
                .map(piece -> pierced(piece, holes.getOrDefault(piece, List.of()), tolerance))
                .toList();
    }

    private static List<Double> pierced(int[] piece, List<int[]> holes, double tolerance) {
        List<Double> polygon = simplified(piece, tolerance);
        for (int[] hole : holes) {
            polygon = bridged(polygon, simplified(hole, tolerance));
        }
        return polygon;
    }

    /** The piece in which a hole is: the smallest around the pixel that lies along the hole's first edge. */
    private static int[] around(int[] hole, List<int[]> pieces) {
        int across = Integer.signum(hole[2] - hole[0]);
        int down = Integer.signum(hole[3] - hole[1]);
        double x = hole[0] + (across - down) / 2.0;
        double y = hole[1] + (down + across) / 2.0;
        int[] found = pieces.get(0);
        for (int[] piece : pieces) {
            found = contains(piece, x, y) ? piece : found;
        }
        return found;
    }

    private static boolean contains(int[] ring, double x, double y) {
        boolean inside = false;
        for (int i = 0; i < ring.length; i += 2) {
            int next = (i + 2) % ring.length;
            boolean crosses = ring[i + 1] > y != ring[next + 1] > y; // upright then, as edges of pixels are
            inside ^= crosses && ring[i] > x;
        }
        return inside;
    }

    /** One ring of two, by way of the corners that are nearest to each other. */
    private static List<Double> bridged(List<Double> polygon, List<Double> hole) {
        int from = 0;
        int to = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < polygon.size(); i += 2) {
            for (int j = 0; j < hole.size(); j += 2) {
                double far = Math.hypot(polygon.get(i) - hole.get(j), polygon.get(i + 1) - hole.get(j + 1));
                if (far < least) {
                    least = far;
                    from = i;
                    to = j;
                }
            }
        }
        var ring = new ArrayList<>(polygon.subList(0, from + 2));
        ring.addAll(hole.subList(to, hole.size()));
        ring.addAll(hole.subList(0, to + 2));
        ring.addAll(polygon.subList(from, polygon.size()));
        return ring;
    }

    /** Clockwise: an edge has its piece on the right. */
    private void findEdges() {
        Size size = mask.size();
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                if (mask.at(x, y) == 0) {
                    continue;
                }
                if (outside(x, y - 1)) {
                    add(x, y, 0);
                }
                if (outside(x + 1, y)) {
                    add(x + 1, y, 1);
                }
                if (outside(x, y + 1)) {
                    add(x + 1, y + 1, 2);
                }
                if (outside(x - 1, y)) {
                    add(x, y + 1, 3);
                }
            }
        }
    }

    private boolean outside(int x, int y) {
        return x < 0 || y < 0 || x >= mask.size().width() || y >= mask.size().height() || mask.at(x, y) == 0;
    }

    private void add(int x, int y, int direction) {
        edges[y * width + x] |= (byte) (1 << direction);
    }

    private List<int[]> rings() {
        var rings = new ArrayList<int[]>();
        for (int corner = 0; corner < edges.length; corner++) {
            while (edges[corner] != 0) {
                rings.add(ring(corner));
            }
        }
        return rings;
    }

    /** Where two pieces touch at a corner, turning right keeps them apart. */
    private int[] ring(int start) {
        var corners = new ArrayList<Integer>();
        int corner = start;
        int direction = Integer.numberOfTrailingZeros(edges[start]);
        int before = -1;
        do {
            if (direction != before) {
                corners.add(corner);
            }
            edges[corner] &= (byte) ~(1 << direction);
            corner += DOWN[direction] * width + ACROSS[direction];
            before = direction;
            for (int turn : new int[] {1, 0, 3}) {
                int next = (before + turn) % 4;
                if ((edges[corner] & 1 << next) != 0) {
                    direction = next;
                    break;
                }
            }
        } while (corner != start || (edges[corner] & 1 << direction) != 0);
        int[] ring = new int[2 * corners.size()];
        for (int i = 0; i < corners.size(); i++) {
            ring[2 * i] = corners.get(i) % width;
            ring[2 * i + 1] = corners.get(i) / width;
        }
        return ring;
    }

    private static double area(int[] ring) {
        double twice = 0;
        int corners = ring.length / 2;
        for (int i = 0; i < corners; i++) {
            int next = (i + 1) % corners;
            twice += (double) ring[2 * i] * ring[2 * next + 1] - (double) ring[2 * next] * ring[2 * i + 1];
        }
        return twice / 2;
    }

    private static List<Double> simplified(int[] ring, double tolerance) {
        int corners = ring.length / 2;
        boolean[] kept = new boolean[corners + 1];
        int far = 0;
        for (int i = 1; i < corners; i++) {
            far = distance(ring, 0, i) > distance(ring, 0, far) ? i : far;
        }
        kept[0] = true;
        kept[far] = true;
        keep(ring, 0, far, tolerance, kept);
        keep(ring, far, corners, tolerance, kept);
        var polygon = points(ring, kept);
        if (polygon.size() < 6 && tolerance > 0) {
            return simplified(ring, 0);
        }
        return polygon;
    }

    private static List<Double> points(int[] ring, boolean[] kept) {
        var polygon = new ArrayList<Double>();
        for (int i = 0; i < ring.length / 2; i++) {
            if (kept[i]) {
                polygon.add((double) ring[2 * i]);
                polygon.add((double) ring[2 * i + 1]);
            }
        }
        return polygon;
    }

    private static double distance(int[] ring, int a, int b) {
        return Math.hypot(ring[2 * a] - ring[2 * b], ring[2 * a + 1] - ring[2 * b + 1]);
    }

    /** Keeps the corner between two that is farthest from the line through them, if it is too far, and so on. */
    private static void keep(int[] ring, int from, int to, double tolerance, boolean[] kept) {
        int corners = ring.length / 2;
        double ax = ring[2 * from];
        double ay = ring[2 * from + 1];
        double dx = ring[2 * (to % corners)] - ax;
        double dy = ring[2 * (to % corners) + 1] - ay;
        double length = Math.hypot(dx, dy);
        int farthest = -1;
        double most = tolerance;
        for (int i = from + 1; i < to; i++) {
            double x = ring[2 * i] - ax;
            double y = ring[2 * i + 1] - ay;
            double off = length == 0 ? Math.hypot(x, y) : Math.abs(x * dy - y * dx) / length;
            if (off > most) {
                most = off;
                farthest = i;
            }
        }
        if (farthest >= 0) {
            kept[farthest] = true;
            keep(ring, from, farthest, tolerance, kept);
            keep(ring, farthest, to, tolerance, kept);
        }
    }
}
