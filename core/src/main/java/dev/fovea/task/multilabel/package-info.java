/** Which of a list of labels, any number of them, an image shows. Start at {@link dev.fovea.task.multilabel.MultiLabelClassifier}. */
package dev.fovea.task.multilabel;
