/** Networks: {@link dev.fovea.nn.Layer}, networks with named children, layers, initialisers and losses. */
package dev.fovea.nn;
