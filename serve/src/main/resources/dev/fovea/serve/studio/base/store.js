// A value that views watch.
import { useEffect, useState } from '/lib/preact.js';

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

/** The value of a store, in a component that is drawn again when it changes. */
export function useStore(from) {
  const [, draw] = useState(0);
  useEffect(() => from.watch(() => draw(count => count + 1)), [from]);
  return from.get();
}

/** What `load` comes to: {value, error, loading, again}. Loads anew when one of `keys` changes. */
export function useLoaded(load, keys = []) {
  const [state, setState] = useState({ value: null, error: null, loading: true });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    setState(was => ({ ...was, loading: true }));
    Promise.resolve()
      .then(load)
      .then(
        value => wanted && setState({ value, error: null, loading: false }),
        error => wanted && setState({ value: null, error, loading: false }),
      );
    return () => {
      wanted = false;
    };
  }, [JSON.stringify(keys), round]); // also of what is not equal to itself, such as NaN
  return { ...state, again: () => setRound(was => was + 1) };
}
