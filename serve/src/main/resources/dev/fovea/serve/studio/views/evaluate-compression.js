// A codec: images before and after, with their bytes, beside JPEG.
import { html } from '/lib/preact.js';
import Restoration from '/views/evaluate-restoration.js';

export default function Compression(given) {
  return html`<${Restoration} ...${given} text="compression" />`;
}
