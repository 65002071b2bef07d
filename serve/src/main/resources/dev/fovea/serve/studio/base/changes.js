// Views that reload when something has changed.
import { useEffect, useRef } from '/lib/preact.js';
import { onEvent } from '/base/api.js';

/**
 * Calls `again` when an event of one of the `kinds` comes whose value `fits`, with at least `pause` milliseconds between two calls, as
 * training needs the processor. When events may have been missed, it calls at once.
 */
export function useChanges(again, pause = 2000, { kinds = ['run'], fits = () => true } = {}) {
  const now = useRef(null);
  now.current = { again, fits };
  useEffect(() => {
    let timer = null;
    let last = Date.now();
    const call = () => {
      timer = null;
      last = Date.now();
      now.current.again();
    };
    const soon = value => {
      if (now.current.fits(value)) timer ??= setTimeout(call, Math.max(0, last + pause - Date.now()));
    };
    const ends = [...kinds.map(kind => onEvent(kind, soon)), onEvent('again', () => now.current.again())];
    return () => {
      ends.forEach(end => end());
      clearTimeout(timer);
    };
  }, []);
}
