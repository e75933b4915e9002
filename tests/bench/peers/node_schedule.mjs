// npm node-schedule: one timer for a sorted array of all that is to come. Needs Node.

import schedule from 'node-schedule';

import { each } from '../rows.mjs';

/** Its own rules; cron strings it hands to an old cron-parser. */
const RULES = {
  '*/15 9-17 * * 1-5': {
    minute: new schedule.Range(0, 60, 15), hour: new schedule.Range(9, 17), dayOfWeek: new schedule.Range(1, 5),
  },
  '0 0 29 2 *': { minute: 0, hour: 0, date: 29, month: 1 },
};

export const subject = {
  package: 'node-schedule',
  next(crontab, tz) {
    const rule = Object.assign(new schedule.RecurrenceRule(), { tz }, RULES[crontab]);
    return (at) => rule.nextInvocationDate(new Date(at)).getTime();
  },
  store: {
    // Adding one moves half of the others: at 100,000 a round would take minutes.
    most: 10_000,
    notes: { pause: 'cancelled' },
    open: each((jobs) => {
      const start = Date.now();
      const all = new Array(jobs);
      return {
        add(index, delay) {
          all[index] = schedule.scheduleJob(`job-${index}`, new Date(start + delay), () => {});
        },
        pause: (index) => all[index].cancel(),
        reschedule: (index, delay) => all[index].reschedule(new Date(start + delay)),
        // From the end, where the array is shortest to search and move.
        close: () => all.reverse().forEach((job) => job.cancel()),
      };
    }),
  },
  burst: {
    lead: 4000,
    schedule(jobs, due, ran) {
      for (let index = 0; index < jobs; index++) schedule.scheduleJob(new Date(due), ran);
    },
  },
};
