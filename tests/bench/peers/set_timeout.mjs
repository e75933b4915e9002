// What the platform gives: one timer a job, no names, no order to take them in.

import { each } from '../rows.mjs';

export const subject = {
  name: 'setTimeout',
  store: {
    notes: { pause: 'clearTimeout', reschedule: 'clearTimeout, setTimeout' },
    open: each((jobs) => {
      const all = new Array(jobs);
      const add = (index, delay) => {
        all[index] = setTimeout(() => {}, delay);
      };
      return {
        add,
        pause: (index) => clearTimeout(all[index]),
        reschedule(index, delay) {
          clearTimeout(all[index]);
          add(index, delay);
        },
        close: () => all.forEach((timer) => clearTimeout(timer)),
      };
    }),
  },
  burst: {
    schedule(jobs, due, ran) {
      for (let index = 0; index < jobs; index++) setTimeout(ran, due - Date.now());
    },
  },
};
