/** What failed, in words. */
import { t } from '../../words';

const WORDS = {
  unreachable: 'health.failed.unreachable',
  timeout: 'health.failed.timeout',
  not_json: 'health.failed.not_json',
  server: 'health.failed.server',
  too_many: 'health.failed.too_many',
  auth_expired: 'health.failed.auth_expired',
  certificate: 'health.failed.certificate',
  conflict: 'health.failed.conflict',
  version_mismatch: 'health.failed.conflict',
} as const;

/** The words for a code of the logs; the code itself where it is a rare one, for whoever helps. */
export function failureWord(code: string): string {
  const word = WORDS[code as keyof typeof WORDS];
  return word ? t(word) : t('health.failed.other', { code });
}
