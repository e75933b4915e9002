// Starts the page that replays a run: unpacks its parts, and has its modules find each other by an import map of
// blobs. That has to be there before the first module is asked for: so this is no module itself. It stands in the
// page as it is here.

(async () => {
  const parts = {};
  for (const { id, textContent } of document.querySelectorAll('script[type="text/plain"]')) {
    const bytes = Uint8Array.from(atob(textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    parts[id] = await new Response(stream).blob();
  }
  const address = (id, type) => URL.createObjectURL(new Blob([parts[id]], { type }));
  // What the screens load on first use asks for its part by this.
  globalThis.batonPart = (id) => address(id, 'application/wasm');
  const modules = Object.keys(parts).filter((id) => id.endsWith('.js'));
  const imports = Object.fromEntries(modules.map((id) => [id, address(id, 'text/javascript')]));
  const map = Object.assign(document.createElement('script'), { type: 'importmap' });
  map.textContent = JSON.stringify({ imports });
  document.head.append(map);
  const [ui, { Recorded }, { replay }] = await Promise.all(
    ['baton_ui.js', 'recorded.js', 'replay.js'].map((id) => import(id)),
  );
  await ui.default({ module_or_path: await parts['baton_ui_bg.wasm'].arrayBuffer() });
  const sheet = await new CSSStyleSheet().replace(await parts['ui.css'].text());
  const recording = JSON.parse(document.getElementById('recording').textContent);
  replay({ mount: ui.mount, Recorded, recording, sheet });
})();
