// A field that takes effect when it is left.
import { useEffect, useState } from '/lib/preact.js';

/** What a field shows: what is typed, until its own `value` becomes another one. What else is drawn meanwhile leaves it alone. */
export function useTyped(value) {
  const [typed, setTyped] = useState(null);
  useEffect(() => setTyped(null), [value]);
  return { value: typed ?? value, onInput: event => setTyped(event.target.value), reset: () => setTyped(null) };
}
