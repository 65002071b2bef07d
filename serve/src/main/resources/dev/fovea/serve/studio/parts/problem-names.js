// What was found about an image, in a few words.
import { has, listed, t } from '/base/i18n.js';

/** kinds: the words of findings, such as near-duplicate. */
export function problemNames(kinds) {
  return listed(kinds.map(kind => (has(`data-view.problem_${kind}`) ? t(`data-view.problem_${kind}`) : kind)));
}
