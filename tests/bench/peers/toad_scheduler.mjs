// npm toad-scheduler: intervals by setInterval and a registry by id; its cron jobs are croner's.

import toad from 'toad-scheduler';

import { each } from '../rows.mjs';

const { SimpleIntervalJob, Task, ToadScheduler } = toad;

function job(id, milliseconds, run) {
  return new SimpleIntervalJob({ milliseconds }, new Task(id, run), { id });
}

export const subject = {
  package: 'toad-scheduler',
  store: {
    notes: { pause: 'stopById', reschedule: 'removed, and added anew' },
    open: each((jobs) => {
      const scheduler = new ToadScheduler();
      const ids = Array.from({ length: jobs }, (_, index) => `job-${index}`);
      const add = (index, delay) => scheduler.addSimpleIntervalJob(job(ids[index], delay, () => {}));
      return {
        add,
        pause: (index) => scheduler.stopById(ids[index]),
        reschedule(index, delay) {
          scheduler.removeById(ids[index]);
          add(index, delay);
        },
        close: () => scheduler.stop(),
      };
    }),
  },
  burst: {
    note: 'intervals, stopped when they fire',
    schedule(jobs, due, ran) {
      const scheduler = new ToadScheduler();
      for (let index = 0; index < jobs; index++) {
        const id = `job-${index}`;
        const run = () => {
          scheduler.stopById(id);
          ran();
        };
        scheduler.addSimpleIntervalJob(job(id, due - Date.now(), run));
      }
    },
  },
};
