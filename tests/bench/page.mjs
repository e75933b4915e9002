// The page in which chromium.mjs measures.

import { measure } from './rows.mjs';

async function load({ file, ours, options }) {
  if (!ours) return (await import(`./peers/${file}.mjs`)).subject;
  return (await import(`./peers/${file}.mjs`))[ours](options);
}

/** Measures one subject, and answers its rows. */
globalThis.bench = async (which, group) => {
  const workload = await (await fetch('/workload.json')).json();
  const subject = await load(which);
  const rows = [];
  await measure(subject, group, workload, { emit: (row) => rows.push(row), memory: subject.memory });
  return { rows, package: subject.package, name: subject.name };
};
