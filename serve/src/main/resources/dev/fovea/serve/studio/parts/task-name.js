// What a model is for, in the reader's words.
import { has, load, t } from '/base/i18n.js';

await load('train');

export function taskName(word) {
  return word && has(`train.task_${word}`) ? t(`train.task_${word}`) : word;
}

/** The last part of a path, which is how people call a model. */
export function lastName(path) {
  return path.split('/').pop();
}
