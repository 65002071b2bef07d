/**
 * Networks and their parts. A {@link dev.fovea.nn.Module} owns named weights, a {@link dev.fovea.nn.Layer} is one that is a function of
 * one tensor, a {@link dev.fovea.nn.Net} has named children. Start at {@link dev.fovea.nn.Sequential} and {@link dev.fovea.nn.Layers}, a
 * network as an expression; the same as text is {@link dev.fovea.nn.LayerText}.
 */
package dev.fovea.nn;
