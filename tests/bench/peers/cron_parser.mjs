// npm cron-parser: says when, and schedules nothing.

import { CronExpressionParser } from 'cron-parser';

export const subject = {
  package: 'cron-parser',
  next(crontab, tz) {
    const expression = CronExpressionParser.parse(crontab, { tz });
    return (at) => {
      expression.reset(new Date(at));
      return expression.next().getTime();
    };
  },
};
