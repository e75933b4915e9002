// npm croner: one timer a job, and a cron search on its own date type.

import { Cron } from 'croner';

import { each } from '../rows.mjs';

const once = (due, run) => new Cron(new Date(due), run);

export const subject = {
  package: 'croner',
  next(crontab, timezone) {
    const cron = new Cron(crontab, { timezone, paused: true });
    return (at) => cron.nextRun(new Date(at)).getTime();
  },
  store: {
    // At 100,000 it takes eight gigabytes.
    most: 10_000,
    notes: { pause: 'a flag: its timer goes on', reschedule: 'stop, and a new one' },
    open: each((jobs) => {
      const start = Date.now();
      const all = new Array(jobs);
      return {
        add(index, delay) {
          all[index] = once(start + delay, () => {});
        },
        pause: (index) => all[index].pause(),
        reschedule(index, delay) {
          all[index].stop();
          all[index] = once(start + delay, () => {});
        },
        close: () => all.forEach((cron) => cron.stop()),
      };
    }),
  },
  burst: {
    lead: 4000,
    schedule(jobs, due, ran) {
      for (let index = 0; index < jobs; index++) once(due, ran);
    },
  },
};
