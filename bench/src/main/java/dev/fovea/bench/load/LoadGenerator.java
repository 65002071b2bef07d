package dev.fovea.bench.load;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that each send one request after another. */
final class LoadGenerator {

    private static final int READ_MILLIS = 60_000;
    private static final int OK = 200;
    private static final int TIMEOUT = 504;

    private final URI address;
    private final Samples samples;
    private final LoadPlan plan;
    private final LoadResult result = new LoadResult();
    private final AtomicLong ticket = new AtomicLong();
    private long begin;

    private LoadGenerator(URI address, Samples samples, LoadPlan plan) {
        this.address = address;
        this.samples = samples;
        this.plan = plan;
    }

    /** Sends all of it and waits for the answers. */
    static LoadResult run(URI address, Samples samples, LoadPlan plan) throws InterruptedException {
        var generator = new LoadGenerator(address, samples, plan);
        generator.begin = System.nanoTime();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < plan.clients(); i++) {
            var client = new Thread(generator::client, "client " + i);
            clients.add(client);
            client.start();
        }
        for (Thread client : clients) {
            client.join();
        }
        generator.result.ended((System.nanoTime() - generator.begin) / 1e9);
        return generator.result;
    }

    private void client() {
        HttpConnection connection = null;
        try {
            while (true) {
                long number = ticket.getAndIncrement();
                long due = plan.rate() > 0 ? begin + (long) (number / plan.rate() * 1e9) : System.nanoTime();
                if (number >= plan.requests() || due - begin > plan.time().toNanos()) {
                    return;
                }
                await(due);
                long sent = System.nanoTime();
                try {
                    if (connection == null || connection.ended()) {
                        connection = new HttpConnection(address, READ_MILLIS);
                    }
                    request(connection, number, due, sent);
                } catch (IOException e) {
                    add(Outcome.FAILED, due, sent);
                    result.fault(e.toString());
                    close(connection);
                    connection = null;
                }
            }
        } finally {
            close(connection);
        }
    }

    private static void await(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void request(HttpConnection connection, long number, long due, long sent) throws IOException {
        var random = new SplittableRandom(number);
        double draw = random.nextDouble();
        if (draw < plan.hangUp()) {
            connection.abandon(
                    samples.images().get(random.nextInt(samples.images().size())));
            add(Outcome.HUNG_UP, due, sent);
            return;
        }
        boolean bad = draw < plan.hangUp() + plan.bad();
        List<byte[]> bodies = bad ? samples.broken() : samples.images();
        int index = random.nextInt(bodies.size());
        HttpConnection.Response response = connection.post(bodies.get(index));
        Outcome outcome = bad ? refusal(response) : outcome(response, index);
        add(outcome, due, sent);
        if (outcome == Outcome.WRONG || outcome == Outcome.FAILED || outcome == Outcome.ACCEPTED) {
            result.fault("%s: %s %s".formatted(outcome, response.status(), response.body()));
        }
    }

    private static boolean busy(int status) {
        return status == 429 || status == 503;
    }

    private static Outcome refusal(HttpConnection.Response response) {
        if (busy(response.status())) {
            return Outcome.REFUSED;
        }
        if (response.status() == OK) {
            return Outcome.ACCEPTED;
        }
        return response.status() < 500 ? Outcome.REJECTED : Outcome.FAILED;
    }

    private Outcome outcome(HttpConnection.Response response, int index) {
        if (response.status() == OK) {
            return Samples.label(response.body()).equals(samples.expected().get(index))
                    ? Outcome.ANSWERED
                    : Outcome.WRONG;
        }
        if (busy(response.status())) {
            return Outcome.REFUSED;
        }
        return response.status() == TIMEOUT ? Outcome.EXPIRED : Outcome.FAILED;
    }

    private void add(Outcome outcome, long due, long sent) {
        result.add(outcome, (due - begin) / 1e9, (sent - due) / 1e6, (System.nanoTime() - sent) / 1e6);
    }

    private static void close(HttpConnection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                // it is not used any more
            }
        }
    }
}
