// Corrections of the images of a data set: each is said with a button that undoes it and no other, and Ctrl+Z undoes the last.
import { useEffect, useRef } from '/lib/preact.js';
import { post } from '/base/api.js';
import { load, t } from '/base/i18n.js';
import { toast, toastError } from '/parts/toast.js';

await load('parts-corrections');

/**
 * {correct, step}. `correct(action, images, {said, label, labels})` corrects images, which are lists of numbers by part; all are to have the class
 * `label`, or each its own of `labels`, which are as the images. `step` undoes or does again; then `onStep(marks, which)` is told what is said
 * about the images of that change now. Each waits for those before it: undone is the last that the reader has made.
 */
export function useCorrections(path, version, onStep) {
  const before = useRef(Promise.resolve());
  const inTurn = work => (...given) => (before.current = before.current.catch(() => {}).then(() => work(...given)));
  const step = inTurn(async (which, made) => {
    try {
      const { images, marks } = await post(`/api/data/${which}`, { path, ...(made ? { step: made } : {}) });
      if (images === 0) toast(t(`parts-corrections.nothing_${which}`));
      onStep(marks, which);
    } catch (failed) {
      if (made && failed.status === 409) toast(t('parts-corrections.undoOlder'));
      else toastError(failed);
    }
  });
  const correct = inTurn(async (action, images, { said, label, labels }) => {
    const { step: made } = await post('/api/data/correct', { path, version, action, images, ...(label ? { label } : {}), ...(labels ? { labels } : {}) });
    toast(said, { action: { label: t('parts-corrections.undo'), run: () => step('undo', made) } });
  });
  return { correct, step };
}

/** Ctrl+Z undoes, Ctrl+Shift+Z and Ctrl+Y do again, wherever the focus is; in a field they are the field's own. */
export function useUndoKeys(step, enabled = true) {
  const latest = useRef(step);
  latest.current = step;
  useEffect(() => {
    if (!enabled) return undefined;
    const keyed = event => {
      const key = event.key.toLowerCase();
      const which = key === 'z' ? (event.shiftKey ? 'redo' : 'undo') : key === 'y' ? 'redo' : null;
      if (!which || !(event.ctrlKey || event.metaKey) || event.target.closest?.('input:not([type=checkbox], [type=radio], [type=range]), textarea')) return;
      event.preventDefault();
      latest.current(which);
    };
    window.addEventListener('keydown', keyed);
    return () => window.removeEventListener('keydown', keyed);
  }, [enabled]);
}
