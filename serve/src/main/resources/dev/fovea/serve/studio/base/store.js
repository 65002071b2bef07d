// A value that views observe.
import { useEffect, useLayoutEffect, useState } from '/lib/preact.js';

export function store(value) {
  const watchers = new Set();
  return {
    get: () => value,
    set(next) {
      value = typeof next === 'function' ? next(value) : next;
      watchers.forEach(watcher => watcher(value));
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

/** How often the studio came back: what it could not answer is asked again then. */
export const back = store(0);

/** The value of a store; the component is drawn again when it changes. */
export function useStore(from) {
  const [, draw] = useState(0);
  const shown = from.get();
  useLayoutEffect(() => {
    if (from.get() !== shown) draw(count => count + 1);
    return from.watch(() => draw(count => count + 1));
  }, [from]);
  return shown;
}

/**
 * The result of `load`: {value, error, loading, again}. Loads again when one of `keys` changes, and then has no value until it
 * comes; where loading again fails, the previous value stays, beside the error. What failed is loaded again when the studio is back.
 */
export function useLoaded(load, keys = []) {
  const key = JSON.stringify(keys);
  const none = { key, value: null, error: null, loading: true };
  const [kept, setState] = useState(none);
  const state = kept.key === key ? kept : none;
  const [round, setRound] = useState(0);
  const failed = Boolean(state.error);
  useEffect(() => (failed ? back.watch(() => setRound(was => was + 1)) : undefined), [failed]);
  useEffect(() => {
    let wanted = true;
    setState(was => (was.key === key ? { ...was, loading: true } : none));
    Promise.resolve()
      .then(load)
      .then(
        value => wanted && setState({ key, value, error: null, loading: false }),
        error => wanted && setState(was => ({ key, value: was.key === key ? was.value : null, error, loading: false })),
      );
    return () => {
      wanted = false;
    };
  }, [key, round]); // a text: NaN, which is not equal to itself, may be among the keys
  return { value: state.value, error: state.error, loading: state.loading, again: () => setRound(was => was + 1) };
}
