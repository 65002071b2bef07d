package dev.fovea.bench.load;

/** What became of a request. */
enum Outcome {
    /** As it should be. */
    ANSWERED,
    /** Another answer than the one that is right. */
    WRONG,
    /** 429 or 503. */
    REFUSED,
    /** 504. */
    EXPIRED,
    /** A bad request that was answered with an error of the client. */
    REJECTED,
    /** A bad request that was answered as if it were good. */
    ACCEPTED,
    /** The client left. */
    HUNG_UP,
    /** Any other status, or a connection that broke. */
    FAILED
}
