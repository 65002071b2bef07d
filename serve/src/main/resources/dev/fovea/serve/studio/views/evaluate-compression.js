// A codec: validation images before and after, with their bytes, beside JPEG.
import { html } from '/lib/preact.js';
import Restoration from '/views/evaluate-restoration.js';

export default function Compression({ run }) {
  return html`<${Restoration} run=${run} text="compression" />`;
}
