/** Load on a server: many clients at once, wrong requests, clients that hang up, and what became of each. */
package dev.fovea.bench.load;
