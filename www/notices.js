// Notifications that a run has ended, for a page of our own. Loaded when the first is shown, asked for or tried.
//
// Each tab hears of each end. Which of them shows it is settled by a Web Lock per run: who has it shows the
// notification, or has the page in sight, where none is needed. The tab that is seen claims first, then the one that
// leads, then any other.

/** How long a claim is held: longer than the last tab takes to hear of the same end. */
const CLAIM_MS = 15_000;
const LEADER_WAITS_MS = 250;
const FOLLOWER_WAITS_MS = 1500;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether this tab is the one to tell of a run's end. */
async function claims(run) {
  // Without locks there is no other tab either: nothing is shared outside of secure contexts.
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    navigator.locks.request(`baton.notice.${run}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : wait(CLAIM_MS);
    });
  });
}

/** Shows that a run has ended, unless another tab does, or it is seen. */
export async function notify({ run, title, body, passed, leads, always, sound: sounds, lang }) {
  const seen = () => document.visibilityState === 'visible';
  if (!seen()) await wait(leads ? LEADER_WAITS_MS : FOLLOWER_WAITS_MS);
  const needed = always || !seen();
  if (!(await claims(run)) || !needed) return;
  if (sounds) sound(passed);
  if (globalThis.Notification?.permission !== 'granted') return;
  const icon = new URL(passed ? './icon.svg' : './icon-failed.svg', import.meta.url).href;
  const notification = new Notification(title, { body, tag: `baton.${run}`, icon, lang });
  notification.onclick = () => {
    window.focus();
    location.hash = `#/runs/${encodeURIComponent(run)}`;
    notification.close();
  };
}

/** Asks the browser for its permission; only a press may. */
export async function ask() {
  await globalThis.Notification?.requestPermission();
}

let audio;

/** A short tone: rising for what went well, falling for what did not. */
export async function sound(passed) {
  audio ??= new AudioContext();
  // A page that was never pressed may not sound.
  await audio.resume();
  const [first, second] = passed ? [660, 880] : [440, 330];
  tone(first, audio.currentTime);
  tone(second, audio.currentTime + 0.14);
}

function tone(frequency, at) {
  const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.12, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.22);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.24);
}
