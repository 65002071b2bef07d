package dev.fovea.serve.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address and what is done there; the description of the interface is made of the same.
 *
 * @param methods GET stands for HEAD, too
 * @param template of the path, with {@code {names}}
 * @param summary in a sentence
 * @param body types of bodies that it takes; none where it reads none
 * @param answers types of what it gives
 * @param query parameters with what they mean; {@link #ANY} for one that may be anything
 */
public record Route(
        List<String> methods,
        String template,
        String summary,
        List<String> body,
        List<String> answers,
        Map<String, String> query,
        Pattern pattern,
        List<String> names,
        Consumer<Call> handler) {

    /** Stands for parameters of every name: those of the page's own addresses, which the server does not read. */
    public static final String ANY = "*";

    private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

    public static Route get(String template, String summary, Consumer<Call> handler) {
        return of(List.of("GET"), template, summary, handler);
    }

    public static Route post(String template, String summary, Consumer<Call> handler) {
        return of(List.of("POST"), template, summary, handler).taking("application/json");
    }

    public static Route delete(String template, String summary, Consumer<Call> handler) {
        return of(List.of("DELETE"), template, summary, handler);
    }

    /** Of files of any size, whose bytes are the body: see {@link Call#saveBody}. */
    public static Route upload(String template, String summary, Consumer<Call> handler) {
        return of(List.of("POST", "PUT"), template, summary, handler).taking("application/octet-stream");
    }

    /** Of what is sent as it is, as {@code curl -T} and {@code curl --data-binary} do. */
    static Route send(String template, String summary, Consumer<Call> handler) {
        return of(List.of("POST", "PUT"), template, summary, handler)
                .taking("image/jpeg", "image/png", "multipart/form-data", "application/json");
    }

    private static Route of(List<String> methods, String template, String summary, Consumer<Call> handler) {
        var names = new ArrayList<String>();
        var regex = new StringBuilder();
        Matcher found = NAME.matcher(template);
        int from = 0;
        while (found.find()) {
            regex.append(Pattern.quote(template.substring(from, found.start()))).append("(" + Offer.NAME + ")");
            names.add(found.group(1));
            from = found.end();
        }
        regex.append(Pattern.quote(template.substring(from)));
        return new Route(
                methods,
                template,
                summary,
                List.of(),
                List.of("application/json"),
                Map.of(),
                Pattern.compile(regex.toString()),
                names,
                handler);
    }

    public Route taking(String... types) {
        return new Route(methods, template, summary, List.of(types), answers, query, pattern, names, handler);
    }

    public Route giving(String... types) {
        return new Route(methods, template, summary, body, List.of(types), query, pattern, names, handler);
    }

    /** Takes a parameter behind the question mark. */
    public Route with(String name, String meaning) {
        var more = new LinkedHashMap<>(query);
        more.put(name, meaning);
        return new Route(methods, template, summary, body, answers, more, pattern, names, handler);
    }

    boolean takes(String method) {
        return methods.contains(method) || (method.equals("HEAD") && methods.contains("GET"));
    }

    /** The names in a path; none if it is another address. */
    Optional<Map<String, String>> match(String path) {
        Matcher matcher = pattern.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var found = new LinkedHashMap<String, String>();
        for (int i = 0; i < names.size(); i++) {
            found.put(names.get(i), matcher.group(i + 1));
        }
        return Optional.of(found);
    }
}
