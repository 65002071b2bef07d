package dev.fovea.serve.http;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A part of the answers about some images, as the Open Inference Protocol has it.
 *
 * @param shape the images first
 * @param values in row-major order
 */
record AnswerTensor(String name, TensorType type, List<Integer> shape, List<JsonNode> values) {}
