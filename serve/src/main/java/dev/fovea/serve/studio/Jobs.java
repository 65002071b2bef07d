package dev.fovea.serve.studio;

import dev.fovea.io.Escaped;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Jobs, run in the background one after the other; what somebody looks on at has threads of its own, as it must not wait for what
 * takes an hour.
 */
public final class Jobs implements AutoCloseable {

    /** The work of a job; what it returns is sent as JSON. */
    public interface Work {
        Object run(Job job) throws Exception;
    }

    /** Jobs that are remembered. */
    private static final int KEPT = 200;

    /** Of those, how many with their results. */
    private static final int KEPT_RESULTS = 10;

    /** Jobs that may wait. */
    private static final int ROOM = 50;

    private final Events events;
    private final Faults faults;
    private final Map<Integer, Job> all = new LinkedHashMap<>();
    private final Map<Object, Job> questions = new HashMap<>();
    private final ExecutorService worker = threads(1, "studio-jobs");
    private final ExecutorService quick = threads(2, "studio-quick-jobs");

    /** From a random number on: a page that still asks for a job of an earlier studio is given no other one. */
    private int last = new SecureRandom().nextInt(900_000_000);

    Jobs(Events events, Faults faults) {
        this.events = events;
        this.faults = faults;
    }

    private static ExecutorService threads(int count, String name) {
        return Executors.newFixedThreadPool(count, task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Adds a job, which begins once those before it are done.
     *
     * @param kind of work, in a word for which the page has a text
     * @param subject what it is done to, such as the name of a run; or how many
     * @throws Refusal if too many wait already
     */
    public Job start(String kind, String subject, Work work) {
        return start(kind, subject, work, worker);
    }

    /** The same of work that somebody waits for, mostly of seconds: it waits only for other such work. */
    public Job soon(String kind, String subject, Work work) {
        return start(kind, subject, work, quick);
    }

    private Job start(String kind, String subject, Work work, ExecutorService by) {
        Job job;
        synchronized (this) {
            all.values().forEach(Job::endIfUnwanted);
            if (all.values().stream().filter(one -> !one.over()).count() >= ROOM) {
                throw Refusal.busy("%s jobs wait already. Stop some, or try again later".formatted(ROOM));
            }
            job = new Job(++last, kind, subject, events);
            all.put(job.id(), job);
            forget();
        }
        events.send("job", job.view(false));
        by.execute(() -> run(job, work));
        return job;
    }

    /**
     * The job that answers a question: that under way for it already, or a new one. It stops once all who wait for it have left.
     *
     * @param question equal to another whose answer is the same
     */
    public synchronized Job answer(Object question, String kind, String subject, Work work) {
        questions.values().removeIf(Job::over);
        Job known = questions.get(question);
        if (known != null && known.wanted()) {
            return known;
        }
        Job job = start(kind, subject, work);
        questions.put(question, job);
        return job;
    }

    /** Work that is done to nothing in particular. */
    public Job start(String kind, Work work) {
        return start(kind, "", work);
    }

    private void forget() {
        var keys = List.copyOf(all.keySet());
        for (int i = 0; all.size() > KEPT && i < keys.size(); i++) {
            if (all.get(keys.get(i)).over()) {
                all.remove(keys.get(i));
            }
        }
        List<Job> over = all.values().stream().filter(Job::over).toList();
        over.subList(0, Math.max(0, over.size() - KEPT_RESULTS)).forEach(Job::forgetResult);
    }

    private void run(Job job, Work work) {
        if (!job.begin()) {
            return;
        }
        try {
            Object result = work.run(job);
            job.end(Job.State.DONE, result, null);
        } catch (CancellationException e) {
            job.end(Job.State.STOPPED, null, null);
        } catch (UncheckedIOException e) {
            job.end(Job.State.FAILED, null, Escaped.line(Storage.refusal(e).getMessage()));
        } catch (IOException e) {
            job.end(Job.State.FAILED, null, Escaped.line(Storage.refusal(e).getMessage()));
        } catch (Throwable e) { // whatever it is, whoever waits is told
            job.end(job.stopped() ? Job.State.STOPPED : Job.State.FAILED, null, faults.sentence("job " + job.id(), e));
        }
    }

    /** @throws Refusal if there is none of that number */
    private synchronized Job of(String id) {
        Job job = id.matches("\\d{1,9}") ? all.get(Integer.parseInt(id)) : null;
        if (job == null) {
            throw Refusal.notFound("there is no job %s any more. Begin it again".formatted(Escaped.of(id)));
        }
        return job;
    }

    private synchronized List<Map<String, Object>> views() {
        return all.values().stream().map(job -> job.view(false)).toList();
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/jobs", "All jobs that are remembered", call -> call.json(Map.of("jobs", views()))),
                Route.get("/api/jobs/{job}", "How far a job is", call -> {
                            Job job = of(call.name("job"));
                            if (call.query("waits").isPresent()) {
                                job.wanted();
                            }
                            if (job.forgotten()) {
                                throw Refusal.notFound(
                                        "what came of job %s is no longer kept. Begin it again".formatted(job.id()));
                            }
                            call.json(job.view(true));
                        })
                        .with("waits", "given by whoever waits for its result"),
                Route.post("/api/jobs/{job}/leave", "Waits for a job no more; it stops if nobody else does", call -> {
                    Job job = of(call.name("job"));
                    job.leave();
                    call.json(job.view(false));
                }),
                Route.post("/api/jobs/{job}/stop", "Stops a job", call -> {
                    Job job = of(call.name("job"));
                    job.stop();
                    call.json(job.view(false));
                }));
    }

    @Override
    public void close() {
        List<Job> left;
        synchronized (this) {
            left = List.copyOf(all.values());
        }
        left.forEach(Job::stop);
        worker.shutdown();
        quick.shutdown();
        try {
            worker.awaitTermination(5, TimeUnit.SECONDS);
            quick.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
