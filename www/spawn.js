// Starts the engine's worker, for a board and for a scheduler alone.

/** A new worker; from another origin by way of a Blob, since browsers refuse it else. */
export function spawn() {
  const url = new URL('./worker.js', import.meta.url);
  if (url.origin === location.origin) return new Worker(url, { type: 'module' });
  const blob = new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, { type: 'module' });
  // Fetched by then, or refused: either way the address has done its work.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return worker;
}
