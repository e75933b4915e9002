// Measures one subject in Node: `node --expose-gc node.mjs GROUP SUBJECT`. Prints a JSON line a row.

import { measure } from './rows.mjs';
import { WORKLOAD, load } from './subjects.mjs';

const [group, name] = process.argv.slice(2);
const { subject, label } = await load(name);

/** All that JavaScript holds, once what it does not is swept away. */
function heap() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

await measure(subject, group, WORKLOAD, {
  memory: subject.memory ?? heap,
  emit: (row) => console.log(JSON.stringify({ subject: label, on: `node ${process.versions.node}`, ...row })),
});
// A job that is due in days would keep it for days.
process.exit(0);
