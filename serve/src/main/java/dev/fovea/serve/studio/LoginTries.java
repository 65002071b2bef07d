package dev.fovea.serve.studio;

import dev.fovea.serve.http.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** How often a wrong token was typed recently from where: whoever guesses has to wait, and nobody else. */
final class LoginTries {

    private static final int MOST = 10;
    private static final long NANOS = 60_000_000_000L;

    /** Addresses that are remembered, those that failed last. */
    private static final int MOST_ADDRESSES = 10_000;

    /** Groups of an address of IPv6 that one household has; the others it may choose. */
    private static final int GROUPS = 4;

    private final Map<String, Deque<Long>> failures = new LinkedHashMap<>(16, 0.75f, true);

    /** @throws Refusal if there were too many from that address in the last minute */
    synchronized void check(String address) {
        Deque<Long> own = failures.getOrDefault(network(address), new ArrayDeque<>());
        long now = System.nanoTime();
        while (!own.isEmpty() && now - own.peekFirst() > NANOS) {
            own.removeFirst();
        }
        if (own.size() >= MOST) {
            throw Refusal.tooMany("%s wrong tokens in a minute. Wait a minute, then try again".formatted(MOST));
        }
    }

    synchronized void failed(String address) {
        failures.computeIfAbsent(network(address), a -> new ArrayDeque<>()).addLast(System.nanoTime());
        if (failures.size() > MOST_ADDRESSES) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    private static String network(String address) {
        String[] groups = address.split(":");
        return groups.length <= GROUPS
                ? address
                : String.join(":", java.util.List.of(groups).subList(0, GROUPS));
    }
}
