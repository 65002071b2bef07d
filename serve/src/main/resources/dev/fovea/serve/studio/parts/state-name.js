// What is said of the state of a run; one that cannot be read has none.
import { has, t } from '/base/i18n.js';

export function stateName(state) {
  return t(`frame.state_${state || 'unknown'}`);
}

/** With what a run does at the moment, too, in a view that has the texts of the training. */
export function nowName(state) {
  return state && has(`train.state_${state}`) ? t(`train.state_${state}`) : stateName(state);
}
