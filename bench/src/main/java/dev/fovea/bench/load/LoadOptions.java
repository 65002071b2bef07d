package dev.fovea.bench.load;

import java.util.List;

/**
 * What {@code bench/run serve} was asked for.
 *
 * @param scenario load, batching, beside, overload or soak
 * @param target of load an address, of the others a model
 */
record LoadOptions(
        String scenario,
        String target,
        int clients,
        double rate,
        long requests,
        int seconds,
        double bad,
        double hangUp,
        int side,
        boolean help) {

    static final String USAGE = """
            Usage: bench/run serve load http://127.0.0.1:8080/predict/MODEL [OPTIONS]
                   bench/run serve batching|beside|overload|soak MODEL [OPTIONS]

              load       sends drawn images to a server that runs
              batching   starts servers with batches of 1 and of the default size in turn, and compares them
              beside     one server beside a small one of Deep Java Library (build it in bench/peers/djl), MODEL a cifar-cnn
              overload   three times what the server can do, then half of it: who is answered, how fast, and when all are again
              soak       wrong requests, clients that hang up and a model that is exchanged every 10 seconds

              --clients N     connections at once (default: 64)
              --rate N        requests a second, whether answers come or not (default: as fast as they come)
              --requests N    after which it ends (soak: 200,000)
              --seconds N     after which it ends (overload: 60, others: 10)
              --bad SHARE     of requests with what is no image, 0 to 1 (soak: 0.05)
              --hang-up SHARE of requests whose client leaves before the answer (soak: 0.02)
              --side N        pixels of the images' sides (default: 32)""";

    private static final List<String> SCENARIOS = List.of("load", "batching", "beside", "overload", "soak");

    static LoadOptions parse(String[] args) {
        String scenario = args.length == 0 ? "--help" : args[0];
        if (scenario.equals("--help") || scenario.equals("-h")) {
            return new LoadOptions("", "", 0, 0, 0, 0, 0, 0, 0, true);
        }
        if (!SCENARIOS.contains(scenario)) {
            throw new IllegalArgumentException("unknown scenario '" + scenario + "'");
        }
        if (args.length < 2) {
            throw new IllegalArgumentException(
                    scenario + " needs " + (scenario.equals("load") ? "an address" : "a model"));
        }
        boolean soak = scenario.equals("soak");
        var options = new LoadOptions(
                scenario,
                args[1],
                64,
                0,
                soak ? 200_000 : Long.MAX_VALUE,
                soak ? Integer.MAX_VALUE : scenario.equals("overload") ? 60 : 10,
                soak ? 0.05 : 0,
                soak ? 0.02 : 0,
                32,
                false);
        for (int i = 2; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            }
            options = options.with(args[i], number(args[i], args[i + 1]));
        }
        return options;
    }

    private static double number(String name, String value) {
        try {
            double number = Double.parseDouble(value);
            if (number >= 0 && number < Long.MAX_VALUE) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(name + ": expected a number from 0, got '" + value + "'");
    }

    private LoadOptions with(String name, double value) {
        return switch (name) {
            case "--clients" ->
                new LoadOptions(scenario, target, (int) value, rate, requests, seconds, bad, hangUp, side, help);
            case "--rate" ->
                new LoadOptions(scenario, target, clients, value, requests, seconds, bad, hangUp, side, help);
            case "--requests" ->
                new LoadOptions(scenario, target, clients, rate, (long) value, seconds, bad, hangUp, side, help);
            case "--seconds" ->
                new LoadOptions(scenario, target, clients, rate, requests, (int) value, bad, hangUp, side, help);
            case "--bad" ->
                new LoadOptions(scenario, target, clients, rate, requests, seconds, value, hangUp, side, help);
            case "--hang-up" ->
                new LoadOptions(scenario, target, clients, rate, requests, seconds, bad, value, side, help);
            case "--side" ->
                new LoadOptions(scenario, target, clients, rate, requests, seconds, bad, hangUp, (int) value, help);
            default -> throw new IllegalArgumentException("unknown option '" + name + "'");
        };
    }
}
