/**
 * New images: adversarial networks, diffusion, token transformers. Start at {@link dev.fovea.task.generate.Generator}.
 */
package dev.fovea.task.generate;
