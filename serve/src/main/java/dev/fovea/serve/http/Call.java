package dev.fovea.serve.http;

import dev.fovea.image.Size;
import dev.fovea.io.Escaped;
import dev.fovea.serve.ServedModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import tools.jackson.databind.node.ObjectNode;

/** A request on its way to its response, which is given once. */
public final class Call {

    private static final String JSON = "application/json";

    private static final int PIECE = 64 << 10;

    private static final byte[] EMPTY = {'{', '}'};

    /** Bytes that a pixel takes while it is drawn: in its own and in Java's form, and in the file. */
    private static final long DRAWN = 11;

    /** Bytes of an answer that are not worth counting. */
    private static final int SMALL = 64 << 10;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Map<String, String> names;
    private final Shared shared;
    private final HeldMemory.Share memory;
    private final Fields query;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final HangUpActions onHangUp = new HangUpActions();
    private final Deadline deadline;
    private volatile HangUp hangUp;
    private volatile EventStream events;

    /** @param names in its path */
    Call(Request request, Response response, Callback callback, Map<String, String> names, Shared shared) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.names = names;
        this.shared = shared;
        memory = shared.memory().share();
        Request.addCompletionListener(request, failure -> memory.close());
        query = Request.extractQueryParameters(request);
        deadline = Deadline.of(request.getHeaders(), shared.settings().timeout());
    }

    public Request request() {
        return request;
    }

    Shared shared() {
        return shared;
    }

    HeldMemory.Share memory() {
        return memory;
    }

    /** Writes and reads JSON within the limits of this server. */
    public Json mapper() {
        return shared.json();
    }

    /** After which nobody waits for the answer. */
    Instant deadline() {
        return deadline.end();
    }

    /** Sooner than it was, if the request itself says so. */
    void within(Duration time) {
        deadline.within(time);
    }

    /** Of the address, decoded. */
    public String path() {
        return Request.getPathInContext(request);
    }

    /** For its cookies. */
    public Response response() {
        return response;
    }

    /** A part of the path. */
    public String name(String part) {
        return names.get(part);
    }

    public Optional<String> optionalName(String part) {
        return Optional.ofNullable(names.get(part));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    /** A parameter behind the question mark. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.getValue(name));
    }

    /** All values of a parameter that may be given several times. */
    public List<String> queries(String name) {
        return query.getValuesOrEmpty(name);
    }

    /** @throws Refusal if one is not known */
    void checkQuery(List<String> known) {
        for (String name : query.getNames()) {
            if (!known.contains(name)) {
                throw Refusal.wrong("unknown parameter '%s'%s"
                        .formatted(
                                Escaped.of(name),
                                known.isEmpty() ? ", there are none here" : ", known are " + String.join(", ", known)));
            }
        }
    }

    /** Whether the client names such a type among those it takes. */
    boolean asksFor(String type) {
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        return accept != null && accept.contains(type);
    }

    /** The body, in time and within its limit; then the client is watched, whether it hangs up. */
    public CompletableFuture<byte[]> body() {
        return body(shared.settings().limits().bodyBytes());
    }

    /** The same of no more bytes. */
    CompletableFuture<byte[]> body(int most) {
        return Body.read(request, memory, most)
                .orTimeout(deadline.leftMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((bytes, failure) -> {
                    if (failure == null) {
                        watch();
                    }
                });
    }

    /** The JSON object that the body is; none where there is no body. */
    public CompletableFuture<ObjectNode> object() {
        return body().thenApply(bytes -> {
            byte[] sent = bytes.length == 0 ? EMPTY : bytes;
            return shared.json().object(sent, 0, sent.length);
        });
    }

    /**
     * Writes the body to {@code to} as it arrives, whatever its size; closing that is the caller's.
     *
     * @param most bytes
     * @return the bytes there were
     */
    public CompletableFuture<Long> saveBody(WritableByteChannel to, long most) {
        Duration time = shared.connections().receiving(request, Math.min(most, Math.max(0, request.getLength())));
        deadline.putOff(time.plus(shared.settings().timeout()));
        request.addIdleTimeoutListener(timeout -> true);
        return SavedBody.write(request, to, most);
    }

    /** What {@code task} comes to, by one of the threads that may wait for a disk. */
    public <T> CompletableFuture<T> submit(Supplier<T> task) {
        return shared.decoding().submit(task);
    }

    private void watch() {
        // The deadline bounds the time from here on; a connection that waits for its answer is silent.
        request.addIdleTimeoutListener(timeout -> false);
        hangUp = HangUp.of(request, this::hungUp);
        // If it is answered from here on, the watch is known to whoever answers, and over before it begins.
        if (!answered.get()) {
            hangUp.begin();
        }
    }

    public Duration left() {
        return deadline.left();
    }

    /** What is to be done when the client hangs up before its answer. */
    public void onHangUp(Runnable action) {
        onHangUp.add(action);
    }

    /** Whether the client has hung up, be it while it is answered in events, or been told that there is no answer. */
    public boolean gone() {
        return onHangUp.done();
    }

    /**
     * Ends what is done for nobody.
     *
     * @throws CancellationException if the client has hung up or has its answer
     * @throws ServedModels.DeadlineException if the time is over
     */
    void checkWanted() {
        if (answered.get() || gone()) {
            throw new CancellationException("nobody waits any more");
        }
        if (left().isNegative()) {
            throw new ServedModels.DeadlineException("the time for this request is over");
        }
    }

    /**
     * Takes the memory in which an image of that size is drawn and encoded.
     *
     * @throws Refusal if the others hold too much
     */
    void holdDrawing(Size size) {
        memory.add(DRAWN * size.width() * size.height());
    }

    /** Long work, by the one thread for it; not begun if nobody waits for it any more. */
    <T> CompletableFuture<T> work(Supplier<T> task) {
        CompletableFuture<T> coming = shared.work().submit(() -> {
            checkWanted();
            return task.get();
        });
        onHangUp(() -> coming.cancel(true));
        return coming;
    }

    private void hungUp() {
        // Before the work is cancelled: whoever waits for it would answer that.
        boolean first = answered.compareAndSet(false, true);
        onHangUp.run();
        var lost = new EofException("the client hung up");
        if (first) {
            callback.failed(lost);
        } else if (events != null) {
            events.fail(lost);
        }
    }

    /**
     * Answers with what is made of what comes, by one of the few threads for it.
     *
     * @param made what takes long, such as a drawing
     */
    public <T, R> void answer(CompletableFuture<T> coming, Function<T, R> made, Consumer<R> respond) {
        onHangUp(() -> coming.cancel(true));
        answer(
                coming.thenCompose(value -> shared.encoding().submit(() -> {
                    checkWanted();
                    return made.apply(value);
                })),
                respond);
    }

    /** Answers with what comes of it, or with why nothing does, in the time that is left. */
    public <T> void answer(CompletableFuture<T> coming, Consumer<T> respond) {
        onHangUp(() -> coming.cancel(true));
        deadline.bound(coming);
        coming.whenCompleteAsync(
                (value, failure) -> {
                    try {
                        if (failure != null) {
                            fail(failure);
                        } else {
                            respond.accept(value);
                        }
                    } catch (RuntimeException | Error e) { // whatever it is, the client gets an answer
                        fail(e);
                    }
                },
                shared.respond());
    }

    public void json(Object value) {
        json(200, value);
    }

    public void json(int status, Object value) {
        bytes(status, JSON, shared.json().bytes(value));
    }

    public void png(byte[] png) {
        bytes(200, "image/png", png);
    }

    public void bytes(int status, String type, byte[] bytes) {
        if (bytes.length > SMALL) { // what says that memory is short must not need it
            memory.add(bytes.length);
        }
        if (begin()) {
            ending(() -> {
                shared.connections().answering(request, bytes.length);
                response.setStatus(status);
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
                response.write(true, ByteBuffer.wrap(bytes), callback);
            });
        }
    }

    /** Without a body: 204, 304. */
    public void empty(int status) {
        if (begin()) {
            ending(() -> {
                shared.connections().answering(request, 0);
                response.setStatus(status);
                response.write(true, ByteBuffer.allocate(0), callback);
            });
        }
    }

    /** A file as it lies there, in pieces, whatever its size. */
    public void file(Path file, String type) throws IOException {
        long length = Files.size(file);
        if (begin()) {
            ending(() -> {
                shared.connections().answering(request, length);
                response.setStatus(200);
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
                Content.copy(
                        Content.Source.from(new ByteBufferPool.Sized(null, false, PIECE), file), response, callback);
            });
        }
    }

    /** What is begun is the only response: if it cannot be written, the request ends all the same. */
    private void ending(Runnable writing) {
        try {
            writing.run();
        } catch (RuntimeException | Error e) {
            callback.failed(e);
        }
    }

    /** A header of the response. */
    public void put(String name, String value) {
        response.getHeaders().put(name, value);
    }

    /** Whether the response may be given now: nobody else has, and nobody will. */
    private boolean begin() {
        if (!answered.compareAndSet(false, true)) {
            return false;
        }
        endWatch();
        return true;
    }

    private void endWatch() {
        if (hangUp != null) {
            hangUp.end();
        }
    }

    /** A response in pieces, whose writing is the callers'; whether the client hangs up is watched until the last piece. */
    Optional<EventStream> events() {
        if (!answered.compareAndSet(false, true)) {
            return Optional.empty();
        }
        events = EventStream.begin(response, callback, memory, patience(), this::endWatch);
        return Optional.of(events);
    }

    private Duration patience() {
        Duration time = shared.settings().timeout();
        return time.compareTo(EventStream.PATIENCE) < 0 ? time : EventStream.PATIENCE;
    }

    /** A response in pieces that goes on until the client leaves, or whoever writes it ends it. */
    public Optional<EventStream> endlessEvents() {
        Optional<EventStream> stream = events();
        stream.ifPresent(own -> {
            request.addIdleTimeoutListener(timeout -> false);
            shared.connections().endless(request);
            if (hangUp == null && request.getLength() <= 0) { // whose body was read is watched already
                hangUp = HangUp.of(request, this::hungUp);
                hangUp.begin();
            }
        });
        return stream;
    }

    public void fail(Throwable thrown) {
        if (begin()) {
            Throwable cause =
                    thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
            ending(() -> {
                onHangUp.run();
                shared.connections().answering(request, 0);
                ProblemResponse.write(request, response, callback, cause, shared);
            });
        }
    }
}
