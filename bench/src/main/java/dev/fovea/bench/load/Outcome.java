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
    /** A wrong request that was told so. */
    REJECTED,
    /** A wrong request that was not told so. */
    ACCEPTED,
    /** The client left. */
    HUNG_UP,
    /** Any other status, or a connection that broke. */
    FAILED
}
