// Runs work in a task of its own, soon: after all promises that are settled now, and also in a hidden
// tab, where timeouts are throttled to one a second or a minute.

/** A function that runs `work` soon, once however often it is called until then. */
export function soon(work) {
  const { port1, port2 } = new MessageChannel();
  let asked = false;
  port1.onmessage = () => {
    asked = false;
    work();
  };
  return () => {
    if (asked) return;
    asked = true;
    port2.postMessage(null);
  };
}
