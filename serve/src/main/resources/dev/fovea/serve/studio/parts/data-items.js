// What a data set holds, and those of its images that are looked for, page by page as they come to the screen.
import { useCallback, useEffect, useRef, useState } from '/lib/preact.js';
import { get } from '/base/api.js';
import { Positions } from '/parts/sheet.js';

const PAGE = 200;

/** Pages that are kept. */
const MOST = 60;

/** The summary, asked for again while the data is being opened. */
export function useSummary(path) {
  const [state, setState] = useState({ value: null, error: null, opening: false });
  const [round, setRound] = useState(0);
  const shown = useRef(path);
  if (shown.current !== path) { // of another data set nothing is shown under this one's name
    shown.current = path;
    state.value = null;
    state.error = null;
  }
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      try {
        const value = await get('/api/data/summary', { path });
        if (!wanted) return;
        if (value.opening) {
          setState(was => ({ ...was, opening: true }));
          setTimeout(() => wanted && ask(), 300);
        } else setState({ value, error: null, opening: false });
      } catch (error) {
        if (wanted) setState({ value: null, error, opening: false });
      }
    };
    ask();
    return () => {
      wanted = false;
    };
  }, [path, round]);
  return { ...state, again: () => setRound(was => was + 1) };
}

/** Where the images of a search are, and what is known of those on the screen; while it `waits` it asks for nothing. */
export function useItems(search, round, waits = false) {
  const key = JSON.stringify(search);
  const [found, setFound] = useState({ positions: null, excluded: 0, error: null });
  const [, draw] = useState(0);
  const known = useRef({ pages: new Map(), coming: new Set() });
  const wanted = useRef({ from: 0, to: 0 });
  useEffect(() => {
    if (waits) {
      setFound({ positions: null, excluded: 0, error: null });
      return undefined;
    }
    let current = true;
    const stop = new AbortController();
    get('/api/data/items', { ...search, runs: 'true', limit: PAGE }, { signal: stop.signal }).then(
      page => {
        if (!current) return;
        known.current = { pages: new Map([[0, page.items]]), coming: new Set() };
        setFound(was => {
          const same = was.positions && JSON.stringify(was.positions.runs) === JSON.stringify(page.runs);
          return { positions: same ? was.positions : new Positions(page.runs), excluded: page.excluded, error: null };
        });
        read(wanted.current.from, wanted.current.to);
        draw(was => was + 1);
      },
      error => current && error.name !== 'AbortError' && setFound({ positions: null, excluded: 0, error }),
    );
    return () => {
      current = false;
      stop.abort();
    };
  }, [key, round, waits]);
  const timer = useRef(0);
  const read = useCallback((from, to) => {
    wanted.current = { from, to };
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const own = known.current;
      for (let page = Math.floor(from / PAGE); page <= Math.floor((to - 1) / PAGE); page++) {
        if (own.pages.has(page) || own.coming.has(page)) continue;
        own.coming.add(page);
        get('/api/data/items', { ...JSON.parse(key), offset: page * PAGE, limit: PAGE }).then(
          some => {
            own.coming.delete(page);
            own.pages.set(page, some.items);
            if (own.pages.size > MOST) own.pages.delete(own.pages.keys().next().value); // the oldest
            if (own === known.current) draw(was => was + 1);
          },
          () => own.coming.delete(page),
        );
      }
    }, 60);
  }, [key]);
  const item = position => known.current.pages.get(Math.floor(position / PAGE))?.[position % PAGE];
  return { ...found, item, read };
}
