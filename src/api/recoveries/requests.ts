import { z } from 'zod';
import { RECOVERY_CHOICES } from '../../store/recoveries/recovery-jobs.js';
import { optional, timeText, withDefault } from '../http/request-fields.js';

/** Which events of which time window a recovery delivers again. */
export const recoverBody = z
  .strictObject({
    since: timeText,
    until: optional(timeText),
    status: withDefault(z.enum(RECOVERY_CHOICES), 'failed'),
  })
  .superRefine(({ since, until }, context) => {
    if (until && until < since) {
      context.addIssue({ code: 'custom', path: ['until'], message: 'must not be before since' });
    }
  });
