package dev.fovea.examples;

import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.dense;
import static dev.fovea.nn.Layers.dropout;
import static dev.fovea.nn.Layers.flatten;
import static dev.fovea.nn.Layers.maxPool;
import static dev.fovea.nn.Layers.relu;
import static dev.fovea.nn.Layers.shape;

import dev.fovea.nn.Sequential;
import dev.fovea.nn.Summary;

/** A network as an expression. */
public final class OwnNetwork {

    private OwnNetwork() {}

    public static void main(String... args) {
        var net = Sequential.of(
                shape(3, 32, 32), // channels, height, width; all other sizes follow
                conv(32, 3),
                relu(),
                maxPool(2),
                conv(64, 3),
                relu(),
                maxPool(2),
                conv(64, 3),
                relu(),
                flatten(),
                dense(64),
                relu(),
                dropout(0.5),
                dense(10));

        System.out.println(Summary.of(net, 3, 1, 32, 32)); // layer by layer: shapes, parameters, multiply-adds
    }
}
