// Writes the page that replays a run: one HTML file with the screens, their style and the run's data in it, which
// opens from a disk without any network.

const ASSETS = new URL('../', import.meta.url);

/** What the page is made of besides the run; what the screens load on first use is found in its loader. */
const PARTS = ['pkg/ui/baton_ui.js', 'pkg/ui/baton_ui_bg.wasm', 'ui.css', 'reports/recorded.js', 'reports/replay.js'];
const LOADER = 'pkg/ui/chunks.js';
/** How the loader names a part of the screens. */
const CHUNK = /new URL\("\.\/(\w+\.wasm)", import\.meta\.url\)/g;
/** How one module names another. */
const IMPORT = /from (["'])\.\/(\w+\.js)\1/g;

// Nothing may be loaded from anywhere, and nothing sent.
const POLICY = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; connect-src blob:; "
  + "style-src 'unsafe-inline'; img-src data:";

const STYLE = `
html { color-scheme: light dark; background: light-dark(#f7f7f5, #131416); color: light-dark(#1b1d21, #e7e8ea); }
body { margin: 0; font: 14px/1.5 system-ui, sans-serif; }
[data-part=bar] {
  display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; padding: 8px 16px;
  background: light-dark(#fff, #1a1c1f); color: light-dark(#1b1d21, #e7e8ea);
  border-bottom: 1px solid light-dark(#e4e4df, #2b2e33);
}
[data-theme=light] { color-scheme: light; }
[data-theme=dark] { color-scheme: dark; }
[data-part=bar] p { margin: 0; flex: 1 1 300px; }
[data-part=bar] label { display: flex; align-items: center; gap: 8px; flex: 1 1 280px; min-width: 0; }
[data-part=bar] input { flex: 1; min-width: 80px; accent-color: #1f4fd8; }
[data-part=clock] { font-variant-numeric: tabular-nums; min-width: 5.5em; }
[data-part=play] {
  min-height: 28px; padding: 2px 12px; border: 1px solid light-dark(#8c9098, #6b717a); border-radius: 6px;
  background: none; color: inherit; font: inherit; cursor: pointer;
}
#board { display: block; min-height: 100vh; }
`;

/** The page of a recording, as text. */
export async function page(recording, locale) {
  const [parts, start] = await Promise.all([everything(), text('reports/start.js')]);
  const title = escaped(`${recording.run.name} #${recording.run.number}`);
  // Within a script only `<` could end it.
  const json = JSON.stringify(recording).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="${escaped(locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<section data-part="bar">
<p data-part="said"></p>
<button type="button" data-part="play"></button>
<label><span data-part="label"></span><input type="range" data-part="cursor"><span data-part="clock"></span></label>
</section>
<div id="board"></div>
<noscript>This page needs JavaScript and WebAssembly. 此页面需要 JavaScript 和 WebAssembly。</noscript>
<script type="application/json" id="recording">${json}</script>
${parts.join('\n')}
<script>
${start}</script>
</body>
</html>
`;
}

/** Every part, in an element under its file's name. */
async function everything() {
  const chunks = [...(await text(LOADER)).matchAll(CHUNK)].map(([, name]) => `pkg/ui/${name}`);
  return Promise.all([...PARTS, LOADER, ...new Set(chunks)].map(async (path) => {
    const { body } = path.endsWith('.js') ? new Response(settled(await text(path))) : await asset(path);
    const zipped = await new Response(body.pipeThrough(new CompressionStream('gzip'))).blob();
    return `<script type="text/plain" id="${path.split('/').pop()}">${await base64(zipped)}</script>`;
  }));
}

/** A module's source, as it finds others in a page that has no addresses: by names, as `start.js` gives them. */
function settled(source) {
  return source.replace(IMPORT, 'from "$2"').replace(CHUNK, 'globalThis.batonPart("$1")');
}

async function text(path) {
  return (await asset(path)).text();
}

/** A file of ours. */
async function asset(path) {
  const response = await fetch(new URL(path, ASSETS));
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response;
}

function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
