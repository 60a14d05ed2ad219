/** What a window says that is locked, or soon will be. */
export const lock = {
  'lock.title': 'Locked',
  'lock.kept': '{name}’s work is here as it was left.',
  'lock.password': 'Password of {name}',
  'lock.unlock': 'Unlock',
  'lock.unlocking': 'Unlocking',
  'lock.needs_password': 'Type your password.',
  'lock.sample_password': 'The sample clinic’s password is deskbell.',
  'lock.not_you': 'Not {name}?',
  'lock.sign_out': 'Sign out',
  'lock.sign_out_anyway': 'Sign out anyway',
  'lock.soon': 'Deskbell locks in {seconds} seconds.',
  'lock.stay': 'Keep working',
  'lock.now': 'Lock',
} as const;
