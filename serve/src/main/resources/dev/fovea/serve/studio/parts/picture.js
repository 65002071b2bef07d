// An image of the studio.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { back } from '/base/store.js';

const TIMES = 2;
const PAUSE_MS = 300;

/** An `img` with these attributes, asked for again where it does not come: soon, and whenever the studio is back. */
export function Picture({ onError, ...attributes }) {
  const [round, setRound] = useState(0);
  const failures = useRef(0);
  useEffect(() => {
    failures.current = 0;
  }, [attributes.src]);
  const again = () => setRound(was => was + 1);
  const failed = event => {
    onError?.(event);
    if (++failures.current <= TIMES) setTimeout(again, PAUSE_MS);
  };
  useEffect(() => back.watch(() => {
    if (failures.current > 0) again();
    failures.current = 0;
  }), []);
  return html`<img key=${round} ...${attributes} onError=${failed} onLoad=${() => (failures.current = 0)} />`;
}
